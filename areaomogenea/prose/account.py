"""The account of a document: what of it was not taken, after which words that stood, and which words went missing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from .typography import words

PASSAGE = 120  # characters quoted in a remark
PASSAGES = 5
NEAR = 5  # words that tell a place
TRAIL = 120  # characters that are remembered for it

# In the order in which an editor should read them: what it is, what the passages are, what to do.
REMARKS = {
    "hidden-text": ("Nel documento c’è testo nascosto, che nella bozza non è entrato", "È", ""),
    "pale-text": (
        "Nel documento c’è testo bianco, che forse non si vede",
        "È",
        "Se era nascosto, toglilo.",
    ),
    "changes": ("Il documento ha revisioni in sospeso: sono prese come accettate", "Tolto:", ""),
    "unfilled": ("Nel documento ci sono parti che nessuno ha compilato: nella bozza mancano", "Sono:", ""),
    "field-empty": ("Nel documento ci sono campi senza testo: nella bozza mancano", "Sono:", ""),
    "field-changing": (
        "Nel documento ci sono date che il programma riscrive da sé",
        "Sono:",
        "Controlla che valgano ancora.",
    ),
    "formula": (
        "Nel documento ci sono formule: nella bozza mancano",
        "Sono:",
        "Scrivile a parole, o allega il documento.",
    ),
    "not-text": (
        "Nel documento ci sono grafici, formule o oggetti che non sono testo: nella bozza mancano",
        "Sono:",
        "",
    ),
    "inserted": ("Nel documento sono inseriti altri documenti: nella bozza mancano", "Sono:", ""),
    "sign": ("Nel documento ci sono segni che nella bozza mancano", "Sono:", ""),
    "unknown": ("Nel documento ci sono parti che il portale non sa leggere: nella bozza mancano", "Sono:", ""),
    "contents": ("Il sommario del documento non è nella bozza", "Era:", ""),
    "text-box": ("I riquadri del documento sono ora paragrafi", "Sono:", "Controlla che siano al posto giusto."),
    "table-merge": ("Una tabella del documento è fatta in modo insolito", "", "Controlla le sue celle unite."),
    "list-letters": (
        "Le lettere di un elenco sono diventate numeri",
        "Erano:",
        "Se il testo le nomina, correggilo.",
    ),
    "comments": ("Il documento ha dei commenti: nella bozza non ci sono, controlla che siano risolti", "Sono:", ""),
}


class Account:
    """Fed by whoever walks a document, in its order."""

    def __init__(self):
        self.left = {}  # passages by code, each [words, the words before it]
        self.trail, self.open = "", None
        self.apart = set()  # elements whose words are told, or that a document holds and never shows

    def take(self, text: str) -> None:
        """Takes what comes into the draft, as far as it was read."""
        self.trail = (self.trail + text)[-TRAIL:]
        if text.strip():
            self.open = None

    def part(self) -> None:
        """A paragraph ends."""
        self.trail += " "
        if self.open:
            self.open[1][0] += " "

    def note(self, code: str) -> None:
        """Notes that there is something of a kind, without a passage."""
        self.left.setdefault(code, [])

    def leave(self, code: str, text: str = "", name: str = "", near: str | None = None) -> None:
        """Tells what does not come along, by its words or by its name; what follows it at once belongs to it."""
        label = text if text.strip() else name
        if not label.strip():
            return
        if self.open and self.open[0] == code and not name:
            self.open[1][0] += label
            return
        passage = [label, self.near() if near is None else near]
        self.left.setdefault(code, []).append(passage)
        self.open = None if name else (code, passage)

    def pass_over(self, element: Element) -> None:
        """Words that the document holds and shows to nobody, or that are told."""
        self.apart.add(element)

    def near(self) -> str:
        before = self.trail.split()
        return " ".join(before[-NEAR:])

    def remarks(self) -> Iterator[tuple[str, str]]:
        for code, (what, lead, advice) in REMARKS.items():
            if code in self.left:
                passages = in_places(self.left[code])
                sentences = [what, f"{lead} {passages}" if passages else "", advice.rstrip(".")]
                yield code, f"{'. '.join(filter(None, sentences))}."

    def missing(self, passages: Iterable[str], draft: str) -> Iterator[tuple[str, str]]:
        """A remark on the words of a document's `passages` that the draft lacks."""
        counted = [(passage, read_words(passage)) for passage in passages]
        missing = Counter(word for _, in_passage in counted for word in in_passage)
        missing -= Counter(read_words(draft))
        if missing:
            lost = quoted(where_missing(counted, missing))
            yield "words-missing", f"Parole del documento che nella bozza mancano: {lost}. Aggiungile tu, se servono."


def where_missing(counted: Iterable[tuple[str, list[str]]], missing: Counter[str]) -> Iterator[str]:
    """The passages that lack words, those that lack most of theirs first: the same word may stand in others too."""

    def share(one: tuple[str, list[str]]) -> float:
        return sum(missing[word] > 0 for word in one[1]) / max(1, len(one[1]))

    for passage, in_passage in sorted(counted, key=share, reverse=True):
        absent = []
        for word in in_passage:
            if missing[word] > 0:
                missing[word] -= 1
                absent.append(word)
        if absent:
            yield passage if len(absent) == len(in_passage) else f"{' '.join(absent)} (in: {passage})"


def read_words(text: str) -> list[str]:
    return words(text)


def in_places(passages: Iterable[list[str]]) -> str:
    """Passages, each with the words before it."""
    return enumerated(
        [f"{in_quotes(text)} dopo {in_quotes(near)}" if near else in_quotes(text) for text, near in passages]
    )


def quoted(texts: Iterable[object]) -> str:
    return enumerated([in_quotes(text) for text in texts])


def in_quotes(text: object) -> str:
    text = " ".join(str(text).split())
    return f"«{text if len(text) <= PASSAGE else text[:PASSAGE] + '…'}»"


def enumerated(passages: list[str]) -> str:
    more = len(passages) - PASSAGES
    return ", ".join(passages[:PASSAGES]) + (f" e altri {more}" if more > 1 else " e un altro" if more == 1 else "")
