//! Progress bars, on a terminal only.

use indicatif::{ProgressBar, ProgressStyle};

/// One bar per step; nothing where stderr is no terminal.
#[derive(Default)]
pub struct Bars {
    step: String,
    bar: Option<ProgressBar>,
}

impl Bars {
    /// No bar yet.
    pub fn new() -> Bars {
        Bars::default()
    }

    /// Shows how far a step is. indicatif draws nothing where stderr is no terminal.
    pub fn show(&mut self, step: &str, done: u64, of: u64) {
        if self.step != step {
            self.end();
            step.clone_into(&mut self.step);
            let style =
                ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar = Some(ProgressBar::new(of).with_style(style).with_message(step.to_owned()));
        }
        if let Some(bar) = &self.bar {
            bar.set_length(of);
            bar.set_position(done);
        }
    }

    /// Clears the bar.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
