// Plain text read as its author saw it: lines that a sentence runs over, lists with typed signs, tables of tabs.
// The server reads documents and archives by the same rules, in areaomogenea/prose/plaintext.py: one table of cases,
// tests/data/plaintext.json, holds for both. Nothing here asks for a browser.

const BLANK = ' \\t\\r\\n\\f\\v\\u00a0\\u2007\\u202f\\u200b\\u200c\\u2060\\ufeff\\u00ad\\u200d';
const EDGES = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, 'g');
const EDGES_BUT_TABS = new RegExp(EDGES.source.replaceAll('\\t', ''), 'g');
const SOFT_HYPHEN = /([\p{L}\p{N}_])\u00ad(?=[ \t]*(?:\r|\n|\v|\f|\x85|\u2028|\u2029))/gu;
// Signs of the fonts Symbol and Wingdings, as areaomogenea/prose/letters.py has them.
const OF_FONTS = {
  '\uf0b7': '•',
  '\uf0a7': '▪',
  '\uf076': '❖',
  '\uf0d8': '➢',
  '\uf0fc': '✓',
  '\uf02d': '–',
  '\uf0e0': '→',
  '\uf04a': '☺',
};
const LINE_END = /\r\n?|[\n\v\f\x85\u2028\u2029]/;
const CELL_END = / *\t */;

// What stands for a bullet: signs of their own; those of fonts of symbols; letters of such fonts, which a tab tells.
const BULLET = /^(?:[•●▪■◦○‣⁃∙·▸►➢➤✓✔❖◆♦\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d][ \t]*|[*–—−-][ \t]+|[oØüvq§]\t[ \t]*)/;
const DASHES = '–—−-';
const INNER_BULLETS = 'o◦○▪■§\uf0a7'; // what Word puts inside a list that has bullets
const NUMBER = /^\(?(?:(\d{1,3})|([a-zA-Z])|([ivx]{2,5}))(?:[.)]|°[.)]|[ \t][–—-](?=[ \t]))[ \t]+/;
const ORDER = /[\da-zA-Z \t]+/g;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const LETTER_OF = { 1: 9, 5: 22, 10: 24 }; // the place in the alphabet of i, v, x
const ROMANS = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ');

const SENTENCE_END = /[.!?:;…]["”’'»)\]]*$/;
const HYPHEN = /\p{L}-$/u; // no look behind: older browsers of offices do not read a script that has one
const FILE_NAME = /\.(?:jpe?g|png|gif|webp)$/i;
const CONTACT = /^(?:(?:tel|cell|fax|e-?mail|pec|f\.to)(?![\p{L}\p{N}_])|www\.|https?:\/\/|[^\s@]+@[^\s@]+$)/iu;
const SHORTEST_MEASURE = 45; // letters of a line that paper cuts
const LONGEST_MEASURE = 200;
const ROWS = 2; // fewer, or fewer columns, are no table
const COLUMNS = 2;
const FIGURE = /^[-+€$]?\s*[\d.,]+\s*[%€]?$/;

// The blocks of a text, as HTML.
export const read = (text) => structured(whole(linesOf(text)));

const linesOf = (text) =>
  text
    .replace(SOFT_HYPHEN, '$1-')
    .replace(/[\uf000-\uf0ff]/g, (sign) => OF_FONTS[sign] ?? sign)
    .split(LINE_END)
    .map(lineOf);

function lineOf(text) {
  const stripped = text.replace(EDGES, '');
  return stripped.includes('\t') ? text.replace(EDGES_BUT_TABS, '') : stripped; // the first and last cells of a row may be empty
}

const size = (text) => [...text].length;
const isLower = (text) => /^\p{Ll}/u.test(text);

// ---- Lines that a sentence runs over

function whole(lines) {
  const measure = measureOf(lines);
  const mended = [];
  let before = '';
  for (const line of lines) {
    if (before && continues(measure, mended.at(-1)[0], before, line)) mended.at(-1).push(line);
    else mended.push([line]);
    before = line;
  }
  return mended.map((parts) => parts.reduce(glued));
}

const glued = (line, next) => (isCut(line, next) ? `${line.slice(0, -1)}${next}` : `${line} ${next}`);
export const isCut = (line, next) => HYPHEN.test(line) && isLower(next);
const runsOn = (line, next) => Boolean(line) && isLower(next) && !SENTENCE_END.test(line);

// How wide the paper was, and whether it was the paper that ended the lines.
export function measureOf(lines) {
  const lengths = lines
    .filter(Boolean)
    .map(size)
    .sort((a, b) => a - b);
  const width = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  const isLikely = SHORTEST_MEASURE <= width && width <= LONGEST_MEASURE;
  const isCutAt = (line, index) => index > 0 && isFull(width, lines[index - 1], line) && runsOn(lines[index - 1], line);
  return { width, isPaper: isLikely && lines.some(isCutAt) };
}

// The letters that a line would have with the first word of the next.
const roomFor = (line, next) => size(line) + 1 + size(next.split(' ')[0]);
const isFull = (width, line, next) => roomFor(line, next) > 0.8 * width;

// Whether `next` goes on with `line`, which ends what began with `start`.
export function continues({ width, isPaper }, start, line, next) {
  if (!next || `${line}${next}`.includes('\t') || signOf(next)) return false;
  if (isCut(line, next)) return true;
  if (CONTACT.test(next) || FILE_NAME.test(next)) return false;
  if (runsOn(line, next) && !isLower(start)) return true;
  if (!isPaper) return false;
  if (SENTENCE_END.test(line)) return roomFor(line, next) > width;
  return isFull(width, line, next) || (runsOn(line, next) && size(line) >= 0.55 * width);
}

// ---- Signs before the items of a list

// What an item begins with: `form` is alike for the items of one list; bullets have the number 0.
function signOf(text) {
  const inner = text.replace(/^\t+/, '');
  const indent = text.length - inner.length;
  const [bullet] = BULLET.exec(inner) ?? [];
  if (bullet) return { form: DASHES.includes(inner[0]) ? '-' : inner[0], number: 0, letters: indent + bullet.length };
  const [sign, digits, letter, roman] = NUMBER.exec(inner) ?? [];
  if (!sign) return null;
  const form = `${digits ? '1' : 'a'}${sign.replace(ORDER, '')}`;
  const isInitial = letter && /[A-Z]/.test(letter) && !form.includes(')'); // the stop of a name
  const number = digits
    ? Number(digits)
    : roman
      ? ROMANS.indexOf(roman) + 1
      : ALPHABET.indexOf(letter.toLowerCase()) + 1;
  return number && !isInitial ? { form, number, letters: indent + sign.length } : null;
}

// Lines with typed lists and tables of tabs made real, as the HTML of blocks; those without words are left out.
function structured(lines) {
  const found = [];
  let run = { kind: null, lines: [] };
  for (const line of [...lines.filter((line) => line.replace(EDGES, '')), null]) {
    const kind = line === null ? 'end' : kindOf(line);
    if (kind !== run.kind) {
      if (run.kind)
        found.push(...{ items: inLists, rows: inTables, text: (texts) => texts.map(paragraph) }[run.kind](run.lines));
      run = { kind, lines: [] };
    }
    run.lines.push(line);
  }
  return found;
}

function kindOf(line) {
  if (signOf(line)) return 'items';
  return line.includes('\t') ? 'rows' : 'text';
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const paragraph = (line) => `<p>${escaped(line)}</p>`;

function inLists(lines) {
  const lists = listsOf(lines.map((text) => ({ text, sign: signOf(text), inner: [] })));
  return lists.flatMap((items) => {
    const [first, ...more] = items;
    if (!first.sign.number || more.length) return [listHtml(items)];
    return [paragraph(first.text), ...(first.inner.length ? [listHtml(first.inner)] : [])]; // a number alone may be anything
  });
}

// The lists of a run of items, one after the other; each item holds the list inside it.
function listsOf(items) {
  withRomans(items);
  const last = new Map(items.map((item, place) => [item.sign.form, place]));
  const lists = [];
  let opened = []; // the outermost first
  for (const [place, item] of items.entries()) {
    const depth = opened.findLastIndex((list) => goesOn(list, item));
    const before = opened.at(-1)?.at(-1);
    if (depth >= 0) {
      opened = opened.slice(0, depth + 1);
      opened.at(-1).push(item);
    } else if (before && goesInside(opened, item, last.get(before.sign.form) > place)) {
      before.inner.push(item);
      opened.push(before.inner);
    } else if (before && !item.sign.number && !before.sign.number) {
      opened.at(-1).push(item); // another sign for the same
    } else {
      opened = [[item]];
      lists.push(opened[0]);
    }
  }
  return lists;
}

function goesOn(list, item) {
  const last = list.at(-1).sign;
  return item.sign.form === last.form && (!last.number || item.sign.number === last.number + 1);
}

// Whether an item begins a list inside the one before it; that list `comesBack` if its sign is met again.
function goesInside(opened, item, comesBack) {
  const before = opened.at(-1).at(-1);
  if (item.sign.number > 1 || opened.some((outer) => item.sign.form === outer.at(-1).sign.form)) return false;
  const isInner = !item.sign.number && INNER_BULLETS.includes(item.sign.form);
  return before.text.endsWith(':') || before.sign.number > 0 || isInner || comesBack;
}

// An i, a v, an x are numbers among those of Rome.
function withRomans(items) {
  let before = 0;
  for (const [place, { sign }] of items.entries()) {
    const isFirst = sign.number === LETTER_OF[1] && items[place + 1]?.sign.number === 2;
    if (isFirst || (before && sign.number === LETTER_OF[before + 1])) {
      before = isFirst ? 1 : before + 1;
      sign.number = before;
    } else {
      before = before && sign.number === before + 1 ? sign.number : 0;
    }
  }
}

function listHtml(items) {
  const { number } = items[0].sign;
  const name = number ? 'ol' : 'ul';
  return `<${name}${number > 1 ? ` start="${number}"` : ''}>${items.map(itemHtml).join('')}</${name}>`;
}

function itemHtml({ text, sign, inner }) {
  const words = escaped(text.slice(sign.letters).trim());
  return inner.length ? `<li><p>${words}</p>${listHtml(inner)}</li>` : `<li>${words}</li>`;
}

// ---- Tables of tabs

function inTables(lines) {
  const groups = [];
  for (const line of lines) {
    const cells = line.split(CELL_END);
    const isRow = cells.length >= COLUMNS;
    if (groups.at(-1)?.isRow !== isRow) groups.push({ isRow, rows: [], lines: [] });
    groups.at(-1).rows.push(cells);
    groups.at(-1).lines.push(line);
  }
  return groups.flatMap((group) => {
    const rows = withoutEmptyColumns(group.rows);
    const width = rows[0].length;
    const isTable =
      group.isRow && width >= COLUMNS && rows.length >= ROWS && Math.max(...rows.map((row) => row.length)) === width;
    return isTable ? [tableHtml(rows)] : group.lines.map(paragraph);
  });
}

function withoutEmptyColumns(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const filled = [...Array(width).keys()].filter((column) => rows.some((row) => row[column]));
  return rows.map((row) => filled.filter((column) => column < row.length).map((column) => row[column]));
}

function tableHtml(rows) {
  const width = rows[0].length;
  const [first, ...others] = rows.map((row) => [...row, ...Array(width - row.length).fill('')]);
  const isHead = first.every(Boolean) && new Set(first).size === width && !first.some((cell) => FIGURE.test(cell));
  const head = isHead ? rowHtml(first, 'th', ' scope="col"') : rowHtml(first, 'td');
  return `<table><tbody>${head}${others.map((row) => rowHtml(row, 'td')).join('')}</tbody></table>`;
}

const rowHtml = (cells, name, attributes = '') =>
  `<tr>${cells.map((cell) => `<${name}${attributes}>${escaped(cell)}</${name}>`).join('')}</tr>`;
