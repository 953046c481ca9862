"""Names of Comuni in texts: what they may mean, and whether they say where, or only whose street or which body."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from areaomogenea.prose.passages import LITTLE, composed, fold, hashtags, without_hashtags

BETWEEN_WORDS = r"[\s'/-]{1,4}"
BEFORE, AFTER = 80, 60  # signs around a name that are looked at
FEW_SIGNS = 20
MANY = 3  # names of one paragraph that make a list

FIRST_NAMES = frozenset(
    "agostino alberto aldo alessandra alessandro alessia alessio alex alfredo alice amedeo andrea angela angelo anna"
    " antonella antonia antonio armando arianna attilio augusto barbara beatrice bruno camilla carla carlo carolina"
    " caterina cecilia cesare chiara cinzia claudia claudio cristian cristiana cristiano cristina daniela daniele"
    " danilo dario davide debora diego dino domenico donatella doriano edoardo elena eleonora elia elisa elisabetta"
    " emanuela emanuele emilio enrico enzo ernesto erica ettore eugenio eva fabio fabrizio fausto federica federico"
    " felice ferdinando filippo flavio francesca francesco franco gabriele gabriella gaia giacomo gianluca gianni"
    " giampaolo gianpaolo giorgia giorgio giovanna giovanni giulia giuliana giuliano giulio giuseppe giuseppina grazia"
    " graziano guido ida ilaria ines irene ivan laura lea leonardo lidia linda lisa livio lorena lorenzo luca lucia"
    " luciano luigi luisa maddalena manuel manuela mara marcello marco margherita maria mariangela marina mario"
    " marta martina massimo matilde matteo mattia maura maurizio mauro michela michele milena mirko monica nadia"
    " nicola nicoletta noemi oscar osvaldo palmira paola paolo patrizia piergiacomo pierluigi piero pietro pina"
    " raffaele raffaella renato riccardo rita roberta roberto rocco rosa rosanna rossella ruggero sabrina salvatore"
    " samuele sandra sandro sara saverio serena sergio silvana silvano silvia silvio simona simone sofia sonia stefania"
    " stefano teresa tiziana tiziano tommaso ugo umberto valentina valentino valeria valerio valter vera veronica"
    " vincenzo virginia vittoria vittorio viviana walter".split()
)
STREET, BODY, ROLE, COMUNE, TITLE = "street", "body", "role", "comune", "title"
KINDS = {
    STREET: r"via|viale|vial|vicolo|piazza|piazzale|piazzetta|largo|corso|contrada|borgo|galleria|rotatoria|strada"
    r"|provinciale|statale|tangenziale|ferrovia|linea|tratta|localita'?|loc\.|cascin[ae]|p\.zza|v\.le|s\.?p\.",
    BODY: r"diocesi|vescov[oi]|vescovado|curia|caritas|seminario|parrocchi[ae]|oratorio|provincia|prefettura|questura"
    r"|procura|tribunale|asst|ats|asl|ussl|ospedal[ei]|presidio|universita'?|ateneo|universitario|fondazion[ei]"
    r"|associazion[ei]|loco|istitut[oi]|liceo|licei|banc[ah]e?|bcc|cassa|camera|muse[oi]|teatro|circolo|societa'?"
    r"|gruppo|comitato|consorzio|cooperativ[ae]|coop|compagnia|comando|tenenza|carabinieri|polizia|finanza|croce"
    r"|avis|aido|auser|acli|anpi|cgil|cisl|uil|confartigianato|confcommercio|coldiretti|confagricoltura|artigiani"
    r"|ascom|rotary|lions|squadra|calcio|a\.?c\.?|u\.?s\.?|a\.?s\.?d\.?|g\.?s\.?|volley|basket|rugby|sezione|redazione"
    r"|giornale|circondario|delegazione|pastorale|gal|rsa|riposo",
    ROLE: r"(?:vice|pro)?sindac(?:o|a|i|he)|(?:vice)?president[ei]|assessor[aei]|consiglier[aei]|capogruppo"
    r"|cittadin[oa]|parroc[oi]|parroci|segretari[oa]|comandant[ei]",
    COMUNE: r"comun[ei]|citta'?|paes[ei]|municipi[oi]?|frazion[ei]|abitanti|cittadini",
    TITLE: r"(?:don|suor|mons|sigg?|sig\.?ra|dott|dott\.?ssa|dr|ing|arch|avv|geom|rag|prof|prof\.?ssa|on|sen|cav"
    r"|famiglia)\.?|[a-z]\.",
}
KIND = re.compile("|".join(rf"(?P<{kind}>{words})" for kind, words in KINDS.items()))
TOKEN = re.compile(r"[\w.']+|[,;:!?()«»\"]")
NEAR = 7  # words before a name that are looked at
OF, AND = ("di", "d'"), ("e", "ed", ",")
OF_THE = ("del", "della", "dei", "delle")
ON_THE_WAY = ("per", "di", "vecchia", "nuova", "comunale", "provinciale")
WEAK_AFTER = re.compile(
    r"(?:-\w"
    r"|,?\s+ed?\s+(?:(?:il|i|l|tutto|tutti|del|dei|nel|nei|suo|suoi|gli|altri|altre)[\s']+){0,4}"
    r"(?:circondario|territorio|cremasco|dintorni|paesi|comuni|comprensorio|hinterland))"
)
DATELINE = re.compile(
    r",?\s+(?:li'?,?\s+|il\s+)?\d{1,2}[°º]?(?:\s+[a-z]{4,9}\s+\d{2,4}|[./-]\d{1,2}[./-]\d{2,4})\s*(?:$|\n|[.:-]|\()"
)
PERSON_IN_BRACKETS = re.compile(r"[A-ZÀ-Þ]\w+\s+[A-ZÀ-Þ][\w']+\s*\($")
AROUND_A_NAME = re.compile(r"comune di|\(cr\)|[\W\d_]")


@dataclass(frozen=True)
class Mention:
    """A name met in a text: the passage, the Comuni that it may mean, and how much it says."""

    passage: str
    municipalities: tuple
    is_certain: bool  # it means one Comune
    start: int = 0
    says_where: bool = False  # and no street, body or person
    is_listed: bool = False  # on a line of its own, or with others beside it


def plain_name(spelling: str) -> str:
    """Two spellings of a name share it: «SPINO D’ADDA», «Spino d'Adda»."""
    return " ".join(re.findall(r"\w+", fold(composed(spelling))))


class Gazetteer:
    """Finds Comuni in texts: the longest spelling wins, whole words only, capitals required."""

    def __init__(self, municipalities):
        self.meanings = {}
        for municipality in municipalities:
            self._learn(municipality.name, municipality, True)
            for alias in municipality.aliases.all():
                self._learn(alias.text, municipality, alias.safe_alone)
        self.full_names = {plain_name(municipality.name) for municipality in municipalities}
        for first_word, sharing in self._sharing_first_word(municipalities).items():
            if len(sharing) > 1:
                self.meanings[first_word] = (tuple(sharing), False)

    def _learn(self, spelling, municipality, is_certain):
        self.meanings[plain_name(spelling)] = ((municipality,), is_certain)

    @staticmethod
    def _sharing_first_word(municipalities: Iterable) -> dict[str, list]:
        """The bare first words that stand for several Comuni: Ripalta, Casaletto."""
        sharing: dict[str, list] = {}
        for municipality in municipalities:
            first_word, *rest = plain_name(municipality.name).split()
            if rest:
                sharing.setdefault(first_word, []).append(municipality)
        return sharing

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        spellings = sorted(self.meanings, key=len, reverse=True)
        written = [BETWEEN_WORDS.join(map(re.escape, spelling.split())) for spelling in spellings]
        # An at-sign glues too: Crem@online is a newspaper, not the town.
        return re.compile(rf"(?<![\w@])(?:{'|'.join(written) or '(?!)'})(?![\w@])")

    @cached_property
    def run_together(self) -> dict[str, str]:
        return {spelling.replace(" ", ""): spelling for spelling in self.meanings}

    def mentions(self, text: str) -> list[Mention]:
        """One for each spelling of a plain text, in order of appearance."""
        met: dict[str, Mention] = {}
        for mention in self.occurrences(text):
            met.setdefault(plain_name(mention.passage), mention)
        return list(met.values())

    def occurrences(self, text: str) -> list[Mention]:
        """Each time that a name stands in a plain text, which has a line for each paragraph."""
        if not self.meanings:
            return []
        text = composed(text)
        mentions = [*self._of_hashtags(text)]
        start = 0
        bare = without_hashtags(text)
        above = ""
        for line in bare.split("\n"):
            mentions += self._of_line(line, start, is_below_a_person=fold(above.split(" ")[0]) in FIRST_NAMES)
            start, above = start + len(line) + 1, line
        return sorted(mentions, key=lambda mention: mention.start)

    def _of_hashtags(self, text):
        for start, tag, words in hashtags(text):
            key = self.run_together.get(fold(tag[1:]), "")
            rows, is_sure = self.meanings.get(key, ((), False))
            if rows:
                yield Mention(tag, rows, is_sure, start, says_where=is_sure and tag[1:2].isupper())
            else:
                yield from (
                    Mention(tag, self.meanings[plain_name(match[0])][0], False, start)
                    for match in self.pattern.finditer(fold(words))
                    if words[match.start()].isupper()
                )

    def _of_line(self, line, offset, is_below_a_person):
        folded = fold(line)
        mentions = []
        end_before = None
        for match in self.pattern.finditer(folded):
            start, end = match.span()
            key = plain_name(match[0])
            rows, is_certain = self.meanings[key]
            written = line[start:end]
            if not written[0].isupper() or not (is_certain or is_alone(line, end, written)):
                continue
            says_where = is_certain and self._says_where(line, folded, start, end, key, end_before)
            mentions.append(Mention(written, rows, is_certain, offset + start, says_where))
            end_before = end
        is_list = len({mention.municipalities for mention in mentions if mention.says_where}) >= MANY
        is_on_its_own = (
            len(mentions) == 1 and len(line) < BEFORE and not AROUND_A_NAME.sub("", self.pattern.sub("", folded))
        )
        for mention in mentions:
            says_where = mention.says_where and not (is_on_its_own and is_below_a_person)
            is_listed = says_where and (is_list or is_on_its_own)
            yield replace(mention, says_where=says_where, is_listed=is_listed)

    def _says_where(self, line, folded, start, end, key, end_before):
        before, after = folded[max(0, start - BEFORE) : start], folded[end : end + AFTER]
        near = TOKEN.findall(before)[-NEAR:]
        if WEAK_AFTER.match(after):
            return False
        if is_of_a_comune(near):
            return True
        if is_of_another(near) or re.search(r"\w-$", before):
            return False
        if start < FEW_SIGNS and not before.strip(" \t-•·*'\"«(") and DATELINE.match(after):
            return False
        if before.endswith("(") and PERSON_IN_BRACKETS.search(line[max(0, start - BEFORE) : start]):
            return False
        is_beside = end_before is not None and not folded[end_before:start].strip(" ")
        if not is_beside and is_after_a_name(line, start, end):
            return False
        following = re.match(r"\s+([^\W\d_]+)", line[end : end + AFTER])
        if not following or not following[1][0].isupper():
            return True
        if fold(following[1]) in FIRST_NAMES:  # «Crema Mario»
            return False
        is_whole = key in self.full_names or line[start:end].isupper()
        return is_whole or plain_name(following[1]) in self._first_words  # «Trescore Balneario» is another place

    @cached_property
    def _first_words(self):
        return {spelling.split()[0] for spelling in self.meanings}


@lru_cache(4096)
def sense_before_name(word: str) -> str:
    """What a folded word before a name makes of it; "" for most words."""
    match = KIND.fullmatch(word)
    return match.lastgroup or "" if match else ""


def is_of_a_comune(near: list[str]) -> bool:
    """«Comune di», «città», but not «sindaco del Comune di»."""
    words = near[:-1] if near and near[-1] in OF else near
    if not words or sense_before_name(words[-1]) != COMUNE:
        return False
    return not (words[-2:-1] and words[-2] in OF_THE and any(sense_before_name(word) == ROLE for word in words[-6:-2]))


def is_of_another(near: list[str]) -> bool:
    """Whether a street, a body or a person bears the name: «via», «Diocesi di», «la sindaca di», «dott.»."""
    if not near:
        return False
    last, kinds = near[-1], [sense_before_name(word) for word in near]
    if kinds[-1] in (STREET, BODY, TITLE):
        return True
    if last in ON_THE_WAY and kinds[-2:-1] == [STREET]:
        return True
    if last in OF and {BODY, ROLE} & {*kinds[-5:-1]}:
        return True
    if kinds[-1] == COMUNE or (last in OF and kinds[-2:-1] == [COMUNE]):
        return ROLE in kinds
    # «Diocesi di Lodi e»
    return last in AND and near[-3:-2] != [] and near[-3] in OF and {*kinds[-4:-3]} <= {BODY, ROLE} and len(near) > 3


def is_alone(line: str, end: int, written: str) -> bool:
    """Whether no other name goes on: in «Palazzo Lombardia», «Palazzo» is none of ours."""
    following = re.match(r"[ \xa0]([^\W\d_]+)", line[end : end + AFTER])
    return not following or not following[1][0].isupper() or written.isupper() or fold(following[1]) in LITTLE


def is_after_a_name(line: str, start: int, end: int) -> bool:
    """Whether the word before makes it a surname, or part of another name: «Mario Crema», «Teatro Offanengo»."""
    before = re.search(r"([^\W\d_][\w'’.]*)[ \xa0]+$", line[max(0, start - BEFORE) : start])
    if not before or not before[1][0].isupper() or fold(before[1]) in LITTLE:
        return False
    if fold(before[1]) in FIRST_NAMES:
        return True
    is_shouted = line[start:end].isupper() and before[1].isupper()
    first = max(0, start - BEFORE)
    opens = re.search(r"(?:^|[.!?:;«“\"(]|\s[-–—])\s*$", line[max(0, first - 3) : first + before.start()])
    return not is_shouted and not opens and sense_before_name(fold(before[1])) != COMUNE
