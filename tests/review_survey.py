"""A survey of 44 authorities for tests of the review app: every kind of Item, small enough to read in a second.

Twelve replies say "Sixteen plus" for an age band, ten use a mark that no key explains, three give a total that is
not the sum of its cells, one is mailed as HTML with a script in it, and one is a PDF page.
"""

from pathlib import Path

from answerable import store

N = 44
ODD, MARKED, WRONG = range(12), range(12, 22), range(22, 25)
MAILED, PDF, SILENT = 25, 26, 27
SURVEY = """
id = "practice-review"
title = "Practice survey"
subject = "online offences"
area = "Nowhere"
recorded_by = "police"
register = "register.csv"
periods = ["2015/16", "2016/17"]
simulated = true
[[dimension]]
id = "age"
name = "Age of victim"
kind = "age"
aliases = ["Age"]
[[dimension.category]]
code = "0-15"
label = "Under 16"
low = 0
high = 15
[[dimension.category]]
code = "16-17"
label = "16 and 17"
low = 16
high = 17
[[question]]
id = "total"
number = "1"
text = "How many online offences were recorded in each year?"
measure = "Offences"
unit = "offences"
aliases = ["Number of offences"]
[[question]]
id = "by-age"
number = "2"
text = "Please break the answer to question 1 down by age of victim."
measure = "Offences"
unit = "offences"
aliases = ["Offences by age"]
dimensions = ["age"]
total_of = "total"
"""


def name_authority(number: int) -> str:
    """ "town-07" of 7."""
    return f"town-{number:02d}"


def write_reply(number: int) -> str:
    """The CSV reply of one authority."""
    older = "Sixteen plus" if number in ODD else "16 and 17"
    young = 20 + number
    mark = "~" if number in MARKED else "6"
    total = young + 4 + (1 if number in WRONG else 0)
    return (
        f"Town {number} Police\n\nQuestion 2: Offences by age\nAge of victim,2015/16,2016/17\n"
        f"Under 16,{young},{young + 3}\n{older},4,{mark}\nTotal,{total},{'' if number in MARKED else young + 9}\n"
    )


MAIL = """From: foi@town-25.example
To: ask@example.org
Subject: Request
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<html><head><style>p { color: red }</style><script>document.title = "owned"</script></head><body onload="x()">
<p>Question 1: Number of offences</p><img src="https://tracker.example/pixel.png">
<table><tr><th>Year</th><th>Offences</th></tr><tr><td>2015/16</td><td>31</td></tr><tr><td>2016/17</td><td>c.40</td></tr></table>
<a href="javascript:alert(1)">Our policy</a><form action="https://evil.example"><input name="a"></form>
</body></html>
"""


def write_review_survey(folder: Path, n: int = N) -> Path:
    """Write the survey into a folder that is not there yet, and return it."""
    rows = ["id,name,nation,region,law,kind"]
    rows += [f"{name_authority(number)},Town {number},Nowhere,Nowhere,FOIA,practice" for number in range(n)]
    files: dict[str, str | bytes] = {"survey.toml": SURVEY, "register.csv": "\n".join(rows) + "\n"}
    for number in range(n):
        root = f"replies/{name_authority(number)}"
        if number == MAILED:
            files[f"{root}/reply.eml"] = MAIL
        elif number == PDF:
            files[f"{root}/reply.pdf"] = write_pdf()
        elif number != SILENT:
            files[f"{root}/reply.csv"] = write_reply(number)
    store.write_folder(folder, files)
    return folder


def write_pdf() -> bytes:
    """One page with a ruled table whose last value is a mark that no key explains."""
    import fpdf

    pdf = fpdf.FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.cell(text="Question 1: Number of offences", new_x="LMARGIN", new_y="NEXT")
    with pdf.table(width=300) as table:
        for row in (("Year", "Offences"), ("2015/16", "51"), ("2016/17", "~")):
            cells = table.row()
            for text in row:
                cells.cell(text)
    return bytes(pdf.output())
