"""How large, how deep and how slow what somebody brought may be: every bound on files, in one place."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Allowance:
    """The share of a process that opens a file: seconds of processor, bytes of memory, bytes of answer.

    `patience`: seconds by the clock, where an honest file may take more than PATIENCE.
    """

    cpu: int
    memory: int
    answer: int
    patience: int = 0


# An honest file takes a tenth of these. Who sends a file waits for no more than PATIENCE, however busy the machine.
OF_ATTACHMENT = Allowance(cpu=4, memory=768 * MEGABYTE, answer=MEGABYTE)
OF_PICTURE = Allowance(cpu=4, memory=1024 * MEGABYTE, answer=24 * MEGABYTE)
OF_DOCUMENT = Allowance(cpu=6, memory=512 * MEGABYTE, answer=64 * MEGABYTE, patience=12)
OF_SHEET = Allowance(cpu=4, memory=512 * MEGABYTE, answer=16 * MEGABYTE)
OF_PAPER = Allowance(
    cpu=30, memory=1024 * MEGABYTE, answer=64 * MEGABYTE, patience=60
)  # what a page may hold takes ten
OPEN_FILES = 32
PATIENCE = 5  # seconds by the clock
PATIENCE_FOR_ALL = 5  # seconds after which no further file of the same form is opened
AT_ONCE = 2  # files that one process of the server has opened at the same time
WAIT_FOR_ROOM = 3  # seconds

# What is attached
ATTACHMENT_BYTES = 20 * MEGABYTE
PDF_PAGES = 10_000
PAGES_READ = 10  # of a PDF, to know whether there are words
CPU_FOR_TEXT = 2.5  # seconds in which all its words are taken
LETTERS_OF_A_TEXT = 100_000  # that become a text: fifty pages
LETTERS_OF_A_MAIL = 2 * MEGABYTE  # with the tags of its pages, which say ten times as much as their words
CPU_FOR_WORDS = 1.5  # seconds in which the words of those pages are looked for
PART_READ = MEGABYTE  # bytes of a part of a package that are looked at

# Packages: zip files, and the documents that are zip files
MEMBERS = 2000
UNPACKED = 100 * MEGABYTE
ATTACHMENT_UNPACKED = 400 * MEGABYTE
RATIO = 200  # times that a member may swell, once it is larger than SMALL_MEMBER
SMALL_MEMBER = MEGABYTE
XML_BYTES = 5 * MEGABYTE  # of one part of a text: 300 pages as Word writes them, which take three seconds
XML_BYTES_TOGETHER = 8 * MEGABYTE
XML_DEPTH = 100

# Documents that become texts
DOCUMENT_BYTES = 10 * MEGABYTE
PARAGRAPHS_OF_A_DOCUMENT = 14_000  # with those of the cells of its tables
LETTERS_OF_A_DOCUMENT = 200_000  # with their tags: what the text of a page holds, some eighty pages of paper
LETTERS_OF_A_SHEET = 2_500  # of paper
IMAGES_OF_A_DOCUMENT = 100
IMAGE_BYTES = 10 * MEGABYTE
IMAGES_TOGETHER = 40 * MEGABYTE
PICTURES_OF_A_DOCUMENT = 20  # different ones, that come into the library
PATIENCE_FOR_PICTURES = 10  # seconds after which no further picture of a document is opened

# Sheets
SHEET_BYTES = 5 * MEGABYTE
ROWS, COLUMNS, CELLS = 500, 100, 25_000
EMPTY_ROWS = 10_000  # that stand between those that say something
LETTERS = 4_000_000  # of all cells together
ELEMENTS = 300_000  # of XML in all of an XLSX: what a cell takes, filled or empty
SHEET_XML = 20 * MEGABYTE  # of one part of an XLSX

# Pictures
PICTURE_BYTES = 10 * MEGABYTE
PIXELS = 40_000_000
DECODED_BYTES = 160 * MEGABYTE
PROFILE_BYTES = 2 * MEGABYTE  # of a colour profile: what is larger is no profile
