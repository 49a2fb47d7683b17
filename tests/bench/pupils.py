"""Makes pupil records of invented children, 20 columns, for the import benchmarks: pupils.py N OUT.csv|OUT.xml [--shuffle SEED]

The same N gives the same children. --shuffle puts the rows in another order: a file whose bytes changed and whose rows did not."""
import argparse, csv, datetime, random
from xml.sax.saxutils import escape

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
FORENAMES = ["Ada", "Sam", "Zoë", "Mohammed", "Agnieszka", "Ion", "Wei", "Ayaan", "Siobhán", "Jack"]
SURNAMES = ["Smith", "O'Brien", "Khan", "Nowak", "Popescu", "Li", "Warsame", "Taylor-Jones", "Patel", "Brown"]
ENDS = ["", "son", "ford", "ley", "ton", "by", "well", "man", "wood", "field"]
HEADER = ("Adno,UPN,Legal Surname,Legal Forename,Middle Names,DOB,Gender,Year,Reg,Date of Admission,Date of Leaving,Reason for Leaving,"
          "Destination Institution,House No,Street,Town,Post Code,UPRN,Ethnicity,Last Attended").split(",")


def upn(i):
    digits = f"852{4000 + i % 300:04d}{15 + i // 300 % 10:02d}{i // 3000 % 1000:03d}"
    return LETTERS[sum((place + 2) * int(d) for place, d in enumerate(digits)) % 23] + digits


def rows(n):
    dice = random.Random(11)
    for i in range(n):
        left = dice.random() < 0.05
        dob = datetime.date(2010, 9, 1) + datetime.timedelta(i * 7919 % 4015)
        year = 2026 - dob.year - (dob.month < 9) - 4
        h = i * 2654435761 % 2**32
        surname = SURNAMES[h % 10] + ENDS[h // 10 % 10] + ENDS[h // 100 % 10]
        middle = FORENAMES[h // 10000 % 10] if i % 3 else ""
        postcode = f"SO{14 + i // 3 % 6} {i // 18 % 10}{LETTERS[i // 180 % 20]}{LETTERS[i // 3600 % 20]}"
        yield [f"{i:06d}", upn(i), surname, FORENAMES[h // 1000 % 10], middle, f"{dob:%d/%m/%Y}", "MF"[i % 2], str(year), f"{year}AB", "04/09/2024",
               "17/10/2026" if left else "", "Moved" if left else "", "", str(i // 3 % 200 + 1), f"Street {i // 600 % 500}", "Southampton", postcode,
               str(100060000000 + i // 3), "WBRI", "16/10/2026"]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("n", type=int)
    args.add_argument("out")
    args.add_argument("--shuffle", type=int)
    a = args.parse_args()
    children = rows(a.n)
    if a.shuffle is not None:
        children = list(children)
        random.Random(a.shuffle).shuffle(children)
    with open(a.out, "w", newline="", encoding="utf-8") as out:
        if a.out.endswith(".xml"):
            tags = [h.replace(" ", "_x0020_") for h in HEADER]
            out.write("<SuperStarReport>\n")
            for row in children:
                out.write("<Record>" + "".join(f"<{t}>{escape(v)}</{t}>" for t, v in zip(tags, row) if v) + "</Record>\n")
            out.write("</SuperStarReport>\n")
        else:
            writer = csv.writer(out)
            writer.writerow(HEADER)
            writer.writerows(children)


if __name__ == "__main__":
    main()
