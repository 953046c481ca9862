// The panel of checks, live: while somebody types, the server looks at the form again and sends the panel back.
// Focus stays where it is; only the sentence that counts the findings is spoken.
const PAUSE = 600; // milliseconds without typing
const RETRY = 15_000; // after the network failed
const panel = document.querySelector('.checks');
const form = panel.closest('form');
const list = panel.querySelector('.checks-list');
const heading = panel.querySelector('h2');
const sum = panel.querySelector('.checks-sum');
const trouble = panel.querySelector('.checks-trouble');
const toggle = panel.querySelector('.checks-toggle');

// Asking the server

// Files stay here: of each, only the name is told.
function typed() {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.set(name, value.name);
  return data;
}

const asText = (data) => JSON.stringify([...data]);
let checked = asText(typed());
let timer, asking;

function check(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(() => ask(), pause);
}

// `said`: what somebody says of an advice, with the form as it stands.
async function ask(said = null) {
  const data = typed();
  if (!said && asText(data) === checked) return;
  const state = asText(data);
  for (const [name, key] of Object.entries(said ?? {})) data.set(name, key);
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(panel.dataset.checks, { method: 'POST', body: data, signal: asking.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.checks');
    if (fresh) {
      checked = state;
      show(fresh);
    } else say(whatIsWrong(answer));
  } catch (error) {
    if (error.name === 'AbortError') return;
    say('La rete non risponde: i controlli qui sotto sono fermi, e riprendono da soli. Puoi continuare a scrivere.');
    if (!said) check(RETRY);
  }
}

function whatIsWrong(answer) {
  if (answer.redirected || answer.status === 403)
    return 'La sessione è finita: entra di nuovo in un’altra scheda, poi torna qui. Quello che hai scritto è ancora in questa pagina.';
  if (answer.status === 400 || answer.status === 413)
    return 'Il testo è troppo grande per essere controllato mentre scrivi.';
  return 'I controlli non rispondono: quelli qui sotto sono fermi. Puoi continuare a scrivere.';
}

function say(words, where = trouble) {
  if (where.textContent !== words) where.textContent = words;
}

function show(fresh) {
  const counted = fresh.querySelector('.checks-sum');
  const focused = list.contains(document.activeElement) ? JSON.stringify(document.activeElement.dataset) : null;
  const top = list.parentElement.scrollTop;
  list.replaceChildren(...fresh.querySelector('.checks-list').childNodes);
  list.parentElement.scrollTop = top;
  sum.className = counted.className;
  say(counted.textContent, sum);
  say('');
  if (focused) {
    const same = [...list.querySelectorAll('button')].find((button) => JSON.stringify(button.dataset) === focused);
    (same ?? heading).focus({ preventScroll: true });
  }
}

for (const event of ['input', 'change', 'click', 'formset:removed']) document.addEventListener(event, () => check());
window.django?.jQuery?.(form).on('change', 'select', () => check()); // what dresses a list speaks to jQuery alone
addEventListener('online', () => check(0));

// Going to the place

const editorOf = (field) => field.closest('.prose-editor')?.querySelector('[contenteditable=true]');

function fieldOf(name) {
  const field = form.elements[name] ?? form.elements[`${name}_0`];
  return field instanceof RadioNodeList ? field[0] : field;
}

// What a person can focus: the list that dresses a select, the first description that is missing, or the field itself.
function focusable(name) {
  const field = fieldOf(name);
  if (field?.classList.contains('select2-hidden-accessible')) {
    const dress = field.parentElement.querySelector('.select2-container');
    return dress.querySelector('.select2-search__field') ?? dress.querySelector('.select2-selection');
  }
  if (field && field.type !== 'hidden') return field;
  const group = field?.closest('.form-row') ?? form.querySelector(`[id^="${name}"][id$="-group"]`);
  const descriptions = [...(group?.querySelectorAll('[name$="-description"]') ?? [])];
  const shown = descriptions.filter((one) => !one.name.includes('__prefix__'));
  return (
    shown.find((one) => !one.value.trim()) ??
    shown[0] ??
    group?.querySelector('a[href], button, input:not([type=hidden])')
  );
}

function uncover(element) {
  for (let part = element; part; part = part.parentElement) if (part.tagName === 'DETAILS') part.open = true;
}

// A passage as a pattern: whole words, however they are spaced and whichever apostrophe they have.
function patternOf(passage) {
  const words = passage
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/['’]/g, "['’]");
  return new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, 'u');
}

function rangeOf(root, passage) {
  const pieces = [];
  let text = '';
  let block = null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const here = node.parentElement.closest('p, h2, h3, h4, li, td, th, blockquote, figcaption, caption');
    if (block && here !== block) text += '\n';
    block = here;
    pieces.push([node, text.length]);
    text += node.data;
  }
  const found = patternOf(passage).exec(text) ?? { index: text.indexOf(passage), 0: passage };
  if (found.index < 0) return null;
  const place = (offset) => {
    const [node, start] = pieces.findLast(([, start]) => start <= offset);
    return [node, Math.min(offset - start, node.length)];
  };
  const range = document.createRange();
  range.setStart(...place(found.index));
  range.setEnd(...place(found.index + found[0].length - 1));
  range.setEnd(range.endContainer, Math.min(range.endOffset + 1, range.endContainer.length));
  return range;
}

function placeIn(editor, { passage, href, src }) {
  const range = document.createRange();
  const name = src?.replace(/^\/file\//, '/'); // the editor shows a picture by the door of the desk, at the same name
  const image = src && [...editor.querySelectorAll('img')].find((one) => one.getAttribute('src').endsWith(name));
  const links = href ? [...editor.querySelectorAll('a')].filter((one) => one.getAttribute('href') === href) : [];
  const link = links.find((one) => one.textContent.trim() === passage) ?? links[0];
  if (image) range.selectNode(image);
  else if (link) range.selectNodeContents(link);
  else return passage ? rangeOf(editor, passage) : null;
  return range;
}

// The smallest element around the beginning of a range, which begins in a text, or in an element before one of either.
function elementAt({ startContainer, startOffset }) {
  const node = startContainer.childNodes[startOffset] ?? startContainer;
  return node instanceof Element ? node : node.parentElement;
}

function goInEditor(editor, place) {
  const range = placeIn(editor, place);
  editor.focus({ preventScroll: true });
  if (range) {
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    // It would hear of it a moment later: what is typed at once must not land where the cursor was.
    const [from, to] = ['start', 'end'].map((end) =>
      editor.editor.view.posAtDOM(range[`${end}Container`], range[`${end}Offset`]),
    );
    editor.editor.commands.setTextSelection({ from, to });
  }
  (range ? elementAt(range) : editor).scrollIntoView({ block: 'center' });
  return range !== null;
}

function goInField(field, { passage }) {
  field.focus({ preventScroll: true });
  const found = passage && 'selectionStart' in field ? patternOf(passage).exec(field.value) : null;
  if (found) field.setSelectionRange(found.index, found.index + found[0].length);
  field.scrollIntoView({ block: 'center' });
  return found !== null;
}

function go(place) {
  const target = focusable(place.go);
  if (!target) return;
  close();
  uncover(target);
  const editor = editorOf(target);
  const isFound = editor ? goInEditor(editor, place) : goInField(target, place);
  // As if it were typed: the editor and the field both know how to undo it.
  if (isFound && place.rewriting) document.execCommand('insertText', false, place.rewriting);
}

// Accepting what is suggested

function chooseAmong(radios, key) {
  radios.value = key;
  [...radios].find((one) => one.checked)?.dispatchEvent(new Event('change', { bubbles: true }));
}

function choose({ add: name, key, label }) {
  const { coverage } = form.elements;
  if (name === 'coverage') return chooseAmong(coverage, key);
  // Whoever takes a Comune has said where the page applies, unless something else is chosen.
  if (name === 'municipalities' && coverage?.value === '') chooseAmong(coverage, 'these');
  const select = fieldOf(name);
  const option = [...select.options].find((one) => one.value === key) ?? new Option(label, key);
  if (!option.parentNode) select.add(option);
  option.selected = true;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

// Takes the rows of these buttons, whose suggestions go; focus passes to the next one.
function accept(taken) {
  taken.forEach((button) => choose(button.dataset));
  const rows = taken.map((button) => button.closest('li'));
  const others = [...list.querySelectorAll('[data-add]')].filter((one) => !rows.includes(one.closest('li')));
  const isAfter = (one) => taken[0].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  const next = others.find(isAfter) ?? others.at(-1) ?? heading;
  rows.forEach((row) => row.remove());
  next.focus();
  say(`Aggiunto: ${taken.map((button) => button.dataset.label).join(', ')}`, sum);
}

// A row that is offered comes into its table as if it were typed there, and whoever took it looks at it: nothing is saved.
function addRow(button) {
  const { row: table, values } = button.dataset;
  const total = form.elements[`${table}-TOTAL_FORMS`];
  const number = Number(total?.value);
  form.querySelector(`#${table}-group .add-row a`)?.click();
  if (!(Number(total?.value) > number)) return say('Qui non si possono aggiungere righe: scrivilo a chi può farlo.');
  const fieldsOf = (name) => [...form.elements].filter((field) => field.name === `${table}-${number}-${name}`);
  for (const [name, value] of Object.entries(JSON.parse(values)))
    for (const field of fieldsOf(name)) {
      if (field.type === 'checkbox') field.checked = value.includes(field.value);
      else field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  button.closest('li').remove();
  close();
  const audience = fieldsOf('audience');
  const next = audience.some((box) => box.checked) || !audience.length ? fieldsOf('title')[0] : audience[0];
  uncover(next);
  next.focus({ preventScroll: true });
  next.closest('.inline-related').scrollIntoView({ block: 'start' });
  say('Riga aggiunta, non ancora salvata: controllala.', sum);
}

list.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  if (button.dataset.row) addRow(button);
  if (button.dataset.settle) ask({ settle: button.dataset.settle });
  if (button.dataset.reopen) ask({ reopen: button.dataset.reopen });
  if (button.dataset.go) go(button.dataset);
  if (button.dataset.add) accept([button]);
  if ('addAll' in button.dataset) accept([...list.querySelectorAll('[data-add=municipalities][data-certain]')]);
});

// On narrow screens the panel is a bar at the bottom, that opens

function close() {
  toggle.setAttribute('aria-expanded', 'false');
  panel.classList.remove('is-open');
}

toggle.addEventListener('click', () => {
  const isOpen = panel.classList.toggle('is-open');
  toggle.setAttribute('aria-expanded', String(isOpen));
});
panel.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !panel.classList.contains('is-open')) return;
  close();
  toggle.focus();
});
panel.classList.add('is-live');
