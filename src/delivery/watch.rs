//! The places between which a machine may stop. Tests stop it there.

use schema::MessageId;

/// A place that a run has reached. What must be true if it stops there stands beside each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A batch is leased, its attempts and its disclosures are written. Nothing has left.
    Claimed,
    /// This message is about to leave.
    BeforeSend(MessageId),
    /// This message has left, or not: its channel has answered.
    AfterSend(MessageId),
    /// The leases of the batch were renewed while it was on its way.
    Renewed,
    /// All of the batch have been answered. Nothing of it is written yet.
    BeforeSettle,
    /// The batch's outcomes are written.
    Settled,
}

/// Is told of each place that is reached.
pub trait Watch: Send + Sync {
    /// A run is here now.
    fn reached(&self, point: Point);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn reached(&self, _: Point) {}
}
