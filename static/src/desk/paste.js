// What is pasted or dropped into a text: the meaning that Word, Google Docs, LibreOffice, Excel, a PDF or a web page
// wrapped in its own markup, as plain semantic HTML. The server has the last word; this shows it before saving.
import { Extension, Plugin } from 'django-prose-editor/editor';
import { canTakeIn, fileOfData, takeIn } from './incoming.js';
import { continues, isCut, measureOf, read as readPlainText } from './plaintext.js';

export const Paste = Extension.create({
  name: 'tidyPaste',
  addOptions: () => ({ limit: Infinity, tracker: '(?!)', redirector: '(?!)', ownPictures: '/file/' }),

  addProseMirrorPlugins() {
    const { editor, options } = this;
    const say = (text) => editor.storage.desk.say(text);

    // What cannot go in: said beside the text, and still where it was copied from.
    const refuse = (event, data, place) => {
      const html = data.getData('text/html');
      const text = data.getData('text/plain');
      const length = Math.max(readable(html).length, text.length);
      const files = [...data.files];
      const isOnlyFiles = files.length > 0 && !text.trim() && !readable(html).trim(); // a picture of a page brings its tag
      say('');
      if (length > options.limit) say(tooLong(length, options.limit));
      else if (isOnlyFiles && canTakeIn(editor, files)) takeIn(editor, files, place());
      else if (isOnlyFiles) say(notPasted([...data.files].filter((file) => file.type.startsWith('image/')).length));
      else return false;
      event.preventDefault(); // or the browser would leave the form to open a dropped file
      return true;
    };

    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            paste(view, event) {
              const data = event.clipboardData;
              if (refuse(event, data, () => view.state.selection.to)) return true;
              if (data.getData('text/html') || !/[\r\n]/.test(data.getData('text/plain').trim())) return false;
              event.preventDefault();
              return view.pasteHTML(readPlainText(data.getData('text/plain')).join(''), event);
            },
            drop: (view, event) => !view.dragging && refuse(event, event.dataTransfer, () => placeOf(view, event)),
          },
          transformPastedHTML(html) {
            if (/<[^>]+\sdata-pm-slice=/.test(html)) return html; // from this editor itself
            const { body, pictures, files } = tidy(html, options);
            const lost = pictures ? notPasted(pictures) : '';
            if (lost) say(lost);
            // Once the words are in: the pictures that they brought along come after them.
            if (canTakeIn(editor, files)) setTimeout(() => takeIn(editor, files, editor.state.selection.to, lost));
            else if (files.length) say(notPasted(pictures + files.length));
            return body.innerHTML;
          },
        },
      }),
    ];
  },
});

const placeOf = (view, { clientX, clientY }) =>
  view.posAtCoords({ left: clientX, top: clientY })?.pos ?? view.state.selection.to;
const italian = (number) => number.toLocaleString('it', { useGrouping: 'always' });
const readable = (html) => html.replace(/<(style|script)[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]+>/gi, '');

const tooLong = (length, limit) =>
  `Il testo è troppo lungo per essere incollato: ${italian(length)} caratteri, e il massimo è ${italian(limit)}. ` +
  'Incollane una parte alla volta, oppure metti il documento intero fra gli allegati.';

function notPasted(pictures) {
  if (pictures === 0) return 'I file non si incollano nel testo: aggiungili fra gli allegati.';
  if (pictures === 1) return '1 immagine non è stata incollata: caricala dalla raccolta.';
  return `${pictures} immagini non sono state incollate: caricale dalla raccolta.`;
}

export function tidy(html, options) {
  const { body, styles } = read(html);
  dropWhatIsNoText(body, styles);
  const { pictures, files } = takePictures(body, styles, options.ownPictures);
  buildWordLists(body, styles); // while the signs of its items can still be told by their style
  markWords(body, styles);
  buildFlatLists(body);
  mendNestedLists(body);
  markQuotesAndTitles(body);
  lowerHeadings(body);
  mendLinks(body, options);
  joinBrokenLines(body);
  mendTables(body, styles);
  tidySpaces(body);
  dropEmpty(body);
  return { body, pictures, files };
}

// ---- Reading

// Styles and handlers would be refused aloud by the page's content policy, even in a document that nobody shows:
// the ones are read as mere data, the others never.
function read(html) {
  const sheets = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/gi)].map(([, sheet]) => sheet).join('\n');
  const inert = html
    .replace(/<style[^>]*>[\s\S]*?<\/style>|<script[^>]*>[\s\S]*?<\/script>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(/([\s"'/])style\s*=/gi, '$1 data-style=').replace(/([\s"'/])on\w+\s*=/gi, '$1 data-handler='),
    );
  const { body } = new DOMParser().parseFromString(inert, 'text/html');
  const ofClass = new Map();
  for (const [, selector, rules] of sheets.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    for (const [, name] of selector.matchAll(/\.([\w-]+)\s*(?:,|$)/g))
      ofClass.set(name, `${ofClass.get(name) ?? ''};${rules}`);
  }
  const known = new Map();
  const styles = (element) => {
    if (!known.has(element)) {
      const written = [...element.classList].map((name) => ofClass.get(name) ?? '').join(';');
      known.set(element, declarations(`${written};${element.dataset.style ?? ''}`));
    }
    return known.get(element);
  };
  return { body, styles };
}

function declarations(text) {
  const pairs = text
    .replace(/&quot;[^&]*&quot;/g, '')
    .split(';')
    .map((pair) => pair.split(/:(.*)/s));
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.length > 1)
      .map(([name, value]) => [name.trim().toLowerCase(), value.trim().toLowerCase()]),
  );
}

const all = (root, selector) => [...root.querySelectorAll(selector)];
const words = (node) => node.textContent.replace(/[\s\u00a0\u200b\ufeff]+/g, ' ').trim();
const unwrap = (element) => element.replaceWith(...element.childNodes);

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

// ---- What is no text

const NO_TEXT = `script, style, meta, link, title, template, noscript, iframe, object, embed, svg, math, canvas, audio,
  video, button, input, select, textarea, nav, dialog, [hidden], [aria-hidden="true"]:not(:has(img[alt])), [role="navigation"],
  .Apple-interchange-newline, a[name="_GoBack"]:empty, .EOP, .screen-reader-only`;

// What reviewers said of the text: Word's anchors ("[AB1]") and their list, those of Google, what was struck out.
const REVIEW = `.MsoCommentReference, .msocomanchor, .msocomoff, .msocomtxt, .MsoCommentText, .MsoCommentSubject, a[href*="#_msocom"],
  a[href*="#cmnt"][id^="cmnt_ref"], div:has(> p > a[href*="#cmnt_ref"]), .msoDel, del[cite], del[datetime]`;

function dropWhatIsNoText(body, styles) {
  const comments = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  for (const comment of takeAll(comments)) comment.remove();
  for (const element of all(body, `${NO_TEXT}, ${REVIEW}`)) element.remove();
  for (const element of all(body, '[data-style], [class]')) {
    const {
      display,
      visibility,
      'mso-hide': hidden,
      'mso-element': part,
      'mso-special-character': sign,
    } = styles(element);
    const isOfReview = /^comment/.test(part ?? '') || sign === 'comment';
    if (display === 'none' || visibility === 'hidden' || hidden === 'all' || isOfReview) element.remove();
  }
  // Names with a colon are Office's own: <o:p>, <w:sdt>, <v:shape>.
  for (const element of all(body, '*')) {
    if (element.localName.includes(':')) unwrap(element);
  }
}

function takeAll(walker) {
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function takePictures(body, styles, own) {
  let pictures = 0;
  const files = [];
  for (const picture of all(body, 'img')) {
    const source = picture.getAttribute('src') ?? '';
    const path = source.startsWith(`${location.origin}/`) ? source.slice(location.origin.length) : source;
    if (path.startsWith(own)) {
      picture.setAttribute('src', path);
    } else if (/^\p{Extended_Pictographic}[\p{Extended_Pictographic}\p{Emoji_Component}]*$/u.test(picture.alt)) {
      picture.replaceWith(picture.alt);
    } else {
      const file = isPixel(picture, styles(picture)) ? null : fileOfData(source);
      if (file) files.push(file);
      else if (!isPixel(picture, styles(picture))) pictures += 1;
      picture.remove();
    }
  }
  // A frame without its picture leaves the words of its caption.
  for (const frame of all(body, 'figure:not(:has(img))')) {
    for (const caption of all(frame, 'figcaption')) rename(caption, 'p');
    unwrap(frame);
  }
  return { pictures, files };
}

function isPixel(picture, style) {
  const sides = ['width', 'height'].map((side) => parseFloat(picture.getAttribute(side) ?? style[side] ?? 'NaN'));
  return sides.some((side) => side <= 2);
}

// ---- Words

const BLOCKS = `p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, table, tr, td, th, section, article, header,
  footer, aside, main, figure, figcaption, dl, dt, dd, pre, address, hr`;

const isBold = (style) => style['font-weight'] && (/^bold/.test(style['font-weight']) || style['font-weight'] >= 600);
const isPlain = (style) => style['font-weight'] && (style['font-weight'] === 'normal' || style['font-weight'] < 600);

// Strong, emphasised, raised and lowered words, whether a tag says so or a style; a tag that its own style denies says nothing.
function markWords(body, styles) {
  for (const element of all(body, 'b, strong, i, em, span, font, sup, sub, u, ins')) {
    const style = styles(element);
    const name = element.localName;
    const says = {
      strong: isBold(style) || (/^(b|strong)$/.test(name) && !isPlain(style)),
      em:
        style['font-style'] === 'italic' ||
        style['font-style'] === 'oblique' ||
        (/^(i|em)$/.test(name) && style['font-style'] !== 'normal'),
      sup: name === 'sup' || style['vertical-align'] === 'super',
      sub: name === 'sub' || style['vertical-align'] === 'sub',
    };
    const marks = Object.keys(says).filter((mark) => says[mark]);
    if (words(element) && !element.querySelector(BLOCKS)) {
      for (const mark of marks) {
        const marked = element.ownerDocument.createElement(mark);
        marked.append(...element.childNodes);
        element.append(marked);
      }
    }
    unwrap(element);
  }
  for (const quoted of all(body, 'q')) quoted.replaceWith('«', ...quoted.childNodes, '»');
  body.normalize();
}

// ---- Lists

// Word writes a list as paragraphs that name their level, each beginning with the sign of its bullet or number.
function buildWordLists(body, styles) {
  const itemOf = (paragraph) => {
    const level = /level(\d)/.exec(styles(paragraph)['mso-list'] ?? '');
    return level && !paragraph.closest('li')
      ? { node: paragraph, level: Number(level[1]), ...signOf(paragraph, styles) }
      : null;
  };
  for (const run of runs(all(body, 'p, h1, h2, h3, h4, h5, h6, div'), itemOf)) putInLists(run);
}

function signOf(paragraph, styles) {
  const holder = all(paragraph, '[data-style]').find((element) => styles(element)['mso-list'] === 'ignore');
  const text = words(holder ?? paragraph);
  holder?.remove();
  const [, , number] = /^(\(?)([0-9]{1,3}|[a-z]{1,2}|[ivxlc]+)[.)°]/i.exec(text) ?? [];
  return { ordered: Boolean(number), start: Number(number) || 1 };
}

// Word on the web gives each item a list of its own, which only says its level.
function buildFlatLists(body) {
  for (const wrapper of all(body, '.ListContainerWrapper')) unwrap(wrapper);
  const itemsOf = (list) => {
    const lines = [...list.children].filter((line) => line.dataset.ariaLevel);
    return lines.length ? { node: list, lines, ordered: list.localName === 'ol', start: list.start || 1 } : null;
  };
  for (const run of runs(all(body, 'ul, ol'), itemsOf)) {
    const items = run.flatMap(({ node, lines, ordered, start }) =>
      lines.map((line, index) => {
        const paragraph = line.ownerDocument.createElement('p');
        paragraph.append(...line.childNodes);
        node.before(paragraph);
        return { node: paragraph, level: Number(line.dataset.ariaLevel), ordered, start: start + index };
      }),
    );
    for (const { node } of run) node.remove();
    putInLists(items);
  }
}

// Groups elements that follow each other with nothing but space between, as long as `describe` knows them.
function runs(elements, describe) {
  const found = [];
  for (const element of elements) {
    const description = describe(element);
    if (!description) continue;
    const last = found.at(-1)?.at(-1);
    if (last && nextThatCounts(last.node) === element) found.at(-1).push(description);
    else found.push([description]);
  }
  return found;
}

function nextThatCounts(node) {
  let next = node.nextSibling;
  while (next && !(next.nodeType === Node.ELEMENT_NODE && words(next)) && !words(next)) next = next.nextSibling;
  return next;
}

function putInLists(items) {
  const document = items[0].node.ownerDocument;
  let open = []; // the lists that are open, outermost first
  for (const { node, level, ordered, start } of items) {
    while (open.length && open.at(-1).level > level) open.pop();
    if (open.length && open.at(-1).level === level && open.at(-1).ordered !== ordered) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = document.createElement(ordered ? 'ol' : 'ul');
      if (ordered && start > 1) list.start = start;
      const host = open.at(-1)?.list.lastElementChild;
      if (host) host.append(list);
      else node.before(list);
      open = [...open, { list, level, ordered }];
    }
    const item = document.createElement('li');
    const inside = node.querySelector('p') ? [...node.childNodes] : [rename(node, 'p')];
    if (inside[0] !== node) node.remove();
    item.append(...inside);
    open.at(-1).list.append(item);
  }
}

// Google Docs and LibreOffice put a list beside the item that it belongs to.
function mendNestedLists(body) {
  for (const list of all(body, 'ul > ul, ul > ol, ol > ul, ol > ol')) {
    const host = list.previousElementSibling;
    if (host?.localName === 'li') host.append(list);
    else unwrap(list);
  }
}

// ---- Headings and quotes

function markQuotesAndTitles(body) {
  for (const paragraph of all(body, 'p, div')) {
    const name = paragraph.className;
    if (/^MsoTitle\b/.test(name)) rename(paragraph, 'h1');
    else if (paragraph.getAttribute('role') === 'heading')
      rename(paragraph, `h${Math.min(Number(paragraph.getAttribute('aria-level')) || 2, 6)}`);
    else if (/^Mso(Intense)?Quote\b|^quotations?\b/i.test(name)) {
      const quote = paragraph.ownerDocument.createElement('blockquote');
      paragraph.replaceWith(quote);
      quote.append(rename(paragraph, 'p'));
    }
  }
  for (const quote of all(body, 'blockquote + blockquote')) {
    const before = quote.previousSibling;
    if (before === quote.previousElementSibling || !words(before)) {
      quote.previousElementSibling.append(...quote.childNodes);
      quote.remove();
    }
  }
}

// The page has its own h1: where the text has one too, all its headings go down a level.
function lowerHeadings(body) {
  const headings = all(body, 'h1, h2, h3, h4, h5, h6').filter((heading) => words(heading));
  const down = headings.some((heading) => heading.localName === 'h1') ? 1 : 0;
  for (const heading of headings) {
    for (const mark of all(heading, 'strong')) unwrap(mark);
    rename(heading, `h${Math.min(Number(heading.localName[1]) + down, 4)}`);
  }
}

// ---- Links

function mendLinks(body, options) {
  for (const link of all(body, 'a')) {
    const href = addressWithin(link.getAttribute('href') ?? '', options);
    if (!href || !words(link) || (link.querySelector('abbr') && link.matches('.term'))) unwrap(link);
    else link.setAttribute('href', href);
  }
}

// Without what only tracks readers; '' for what leads nowhere from here: a bookmark, a file on somebody's disk.
function addressWithin(href, { tracker, redirector }) {
  if (/^(#|file:|about:|javascript:|data:)/i.test(href.trim())) return '';
  let address = href.trim();
  if (new RegExp(redirector, 'i').test(address)) {
    const query = new URL(address).searchParams;
    address =
      ['q', 'url', 'u'].map((name) => query.get(name)).find((target) => /^https?:/.test(target ?? '')) ?? address;
  }
  const [, path, query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(address);
  const kept = query
    .split('&')
    .filter((pair) => !new RegExp(tracker, 'i').test(pair))
    .join('&');
  const whole = `${path}${kept && '?'}${kept}${fragment}`;
  return whole.startsWith(`${location.origin}/`) ? whole.slice(location.origin.length) : whole;
}

// ---- Lines

// Lines that a <br> ends are joined as those of a plain text, with their links and marks; two <br> in a row end a paragraph.
function joinBrokenLines(body) {
  const hosts = new Set(
    all(body, 'br').map((end) => end.parentElement.closest(`p, div, li, td, th, blockquote, section, article`) ?? body),
  );
  for (const host of hosts) {
    if (host.querySelector(BLOCKS)) {
      for (const end of all(host, ':scope > br')) if (isBetweenBlocks(end)) end.remove();
    }
    const ends = all(host, 'br').filter(
      (end) => (end.parentElement.closest('p, div, li, td, th, blockquote, section, article') ?? body) === host,
    );
    const lines = linesOf(host, ends);
    const measure = measureOf(lines);
    const joins = ends.filter(
      (end, index) =>
        ends.length > 1 && measure.isPaper && continues(measure, lines[index], lines[index], lines[index + 1]),
    );
    for (const end of joins) joinAt(end);
    if (host === body && joins.length)
      for (const end of all(body, ':scope > br')) end.after(body.ownerDocument.createElement('br'));
    partAtDoubleBreaks(host);
  }
}

const isBlock = (node) => node?.nodeType === Node.ELEMENT_NODE && node.matches(BLOCKS);
const neighbour = (node, side) => {
  let next = node[side];
  while (next && next.nodeType === Node.TEXT_NODE && !words(next)) next = next[side];
  return next;
};
const isBetweenBlocks = (end) => isBlock(neighbour(end, 'previousSibling')) || isBlock(neighbour(end, 'nextSibling'));

function linesOf(host, ends) {
  const lines = [''];
  for (const node of takeAll(
    host.ownerDocument.createTreeWalker(host, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT),
  )) {
    if (ends.includes(node)) lines.push('');
    else if (node.nodeType === Node.TEXT_NODE) lines.push(lines.pop() + node.data);
  }
  return lines.map((line) =>
    line
      .replace(/[\s\u00a0]+/g, ' ')
      .trim()
      .replace(/\u00ad$/, '-'),
  );
}

function joinAt(end) {
  const before = textBeside(end, 'previousNode');
  const after = textBeside(end, 'nextNode');
  const isHyphenated = isCut((before?.data ?? '').trimEnd().replace(/\u00ad$/, '-'), (after?.data ?? '').trimStart());
  if (isHyphenated) {
    before.data = before.data.replace(/[-\u00ad]\s*$/u, '');
    after.data = after.data.replace(/^\s+/, '');
    end.remove();
  } else {
    end.replaceWith(' ');
  }
}

function textBeside(end, step) {
  const walker = end.ownerDocument.createTreeWalker(
    end.ownerDocument.body,
    NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
  );
  walker.currentNode = end;
  let node = walker[step]();
  while (node && (node.nodeType !== Node.TEXT_NODE || !words(node))) node = walker[step]();
  return node;
}

function partAtDoubleBreaks(host) {
  for (const end of all(host, 'br')) {
    const next = neighbour(end, 'nextSibling');
    if (end.parentElement !== host || next?.localName !== 'br') continue;
    const before = [];
    for (let node = end.previousSibling; node && !isBlock(node); node = node.previousSibling) before.unshift(node);
    const paragraph = host.ownerDocument.createElement('p');
    end.before(paragraph);
    paragraph.append(...before);
    end.remove();
    next.remove();
    if (host.localName !== 'p') continue;
    host.before(paragraph); // a paragraph holds no other
  }
  for (const end of all(host, ':scope > br:first-child, :scope > br:last-child')) {
    if (!end.previousSibling || !neighbour(end, 'nextSibling')) end.remove();
  }
}

// ---- Tables

function mendTables(body, styles) {
  for (const table of all(body, 'table').reverse()) {
    for (const row of [...table.rows]) if (!words(row)) row.remove();
    while (
      table.rows.length &&
      [...table.rows].every((row) => row.cells.length > 1 && isEmptyCell(row.cells[row.cells.length - 1]))
    ) {
      for (const row of table.rows) row.deleteCell(-1);
    }
    if (
      table.rows.length < 2 ||
      table.querySelector('table') ||
      Math.max(...[...table.rows].map((row) => row.cells.length)) < 2
    )
      layOut(table);
    else headTable(table, styles);
  }
}

const isEmptyCell = (cell) => !words(cell) && cell.colSpan === 1;

// A table of one cell, row or column arranges a page: what it holds goes on without it.
function layOut(table) {
  for (const caption of all(table, ':scope > caption')) rename(caption, 'p');
  for (const part of all(table, 'tr, tbody, thead, tfoot, colgroup')) if (part.closest('table') === table) unwrap(part);
  for (const cell of all(table, 'td, th')) if (cell.closest('table') === table) rename(cell, 'div');
  unwrap(table);
}

function headTable(table, styles) {
  const [first, ...others] = table.rows;
  const saysBold = (cell) =>
    isBold(styles(cell)) ||
    all(cell, 'strong')
      .reduce((text, mark) => text + words(mark), '')
      .replace(/\s/g, '') === words(cell).replace(/\s/g, '');
  const isHead = (cells) =>
    cells.some((cell) => words(cell)) &&
    cells.every((cell) => !words(cell) || cell.localName === 'th' || saysBold(cell));
  const hasNumber = (cell) => /^[-+€$]?\s*[\d.,]+\s*[%€]?$/.test(words(cell));
  const isMarked = first.parentElement.localName === 'thead' || isHead([...first.cells]);
  const looksLikeOne =
    [...first.cells].every((cell) => words(cell) && !hasNumber(cell)) &&
    new Set([...first.cells].map(words)).size === first.cells.length;
  if (isMarked || looksLikeOne) for (const cell of [...first.cells]) head(cell, 'col');
  const beginnings = others.map((row) => row.cells[0]).filter(Boolean);
  const isSide = beginnings.every((cell) => cell.localName === 'th' || (words(cell) && saysBold(cell)));
  const allBold = others.every((row) => isHead([...row.cells]));
  for (const row of others) {
    for (const [place, cell] of [...row.cells].entries()) {
      if (isSide && !allBold && place === 0) head(cell, 'row');
      else if (cell.localName === 'th' && place > 0) plainCell(cell);
    }
  }
  for (const column of all(table, 'colgroup, col')) column.remove();
}

function head(cell, scope) {
  for (const mark of all(cell, 'strong')) unwrap(mark);
  const { colSpan, rowSpan } = cell;
  const named = cell.localName === 'th' ? cell : rename(cell, 'th');
  Object.assign(named, { scope, colSpan, rowSpan });
}

function plainCell(cell) {
  const { colSpan, rowSpan } = cell;
  Object.assign(rename(cell, 'td'), { colSpan, rowSpan });
}

// ---- Spaces

function tidySpaces(body) {
  body.normalize();
  for (const node of takeAll(body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT))) {
    node.data = node.data
      // eslint-disable-next-line no-control-regex -- they are what it takes away
      .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
      .replace(/[ \t\n\v\f\r\u00a0\u2028\u2029]+/g, (run, at, whole) =>
        run === '\u00a0' && /\d/.test((whole[at - 1] ?? '') + (whole[at + 1] ?? '')) ? run : ' ',
      );
  }
}

function dropEmpty(body) {
  const selector =
    'p, div, h1, h2, h3, h4, h5, h6, li, ul, ol, blockquote, strong, em, sup, sub, a, figure, figcaption, section, article';
  for (const element of all(body, selector).reverse()) {
    if (words(element) || element.querySelector('img, hr, table')) continue;
    if (element.matches('strong, em, sup, sub, a')) unwrap(element);
    else element.remove();
  }
}
