// What is typed at the desk stays in this browser until the server has it: a closed tab, a lost network, an expired
// session lose nothing. The server answers a save with a cookie named after the text that it has taken in. Each person
// finds only their own; passwords, keys and files are never kept, of files the names are.
const DAYS_KEPT = 30;
const PAUSE = 400; // milliseconds between what is typed and its being written down
const NOT_TYPED = ['hidden', 'submit', 'button', 'reset', 'image', 'password', 'file'];
const SECRET = /csrf|token|passw|passkey|secret|otp/i;
const SEEN = ['seen_version', 'seen']; // on which version it was typed: the server says what others changed since
const ROW = /^(\w+)-(\d+)-(\w+)$/;

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
const PREFIX = `desk:${meta('desk-person')}:`;
const LOST = Symbol('no room');

// The store of the browser, which may be full, closed or spoilt.
const store = {
  entries() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      return keys
        .map((key) => ({ ...parsed(localStorage.getItem(key)), key }))
        .filter((entry) => entry.id && entry.page);
    } catch {
      return [];
    }
  },
  put(entry) {
    try {
      localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
      return true;
    } catch {
      return LOST;
    }
  },
  drop(id) {
    try {
      localStorage.removeItem(PREFIX + id);
    } catch {
      // nothing was kept
    }
  },
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function forgetWhatIsSaved() {
  const saved = new Set([...document.cookie.matchAll(/(?:^|; )salvato-(\w+)=/g)].map(([, id]) => id));
  for (const id of saved) document.cookie = `salvato-${id}=; path=/admin/; max-age=0; samesite=strict`;
  const oldest = Date.now() - DAYS_KEPT * 86_400_000;
  for (const entry of store.entries()) if (saved.has(entry.id) || entry.at < oldest) store.drop(entry.id);
}

const freshId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const editors = new Map();
document.addEventListener('prose-editor:ready', ({ detail }) => {
  editors.set(detail.textarea, detail.editor);
});

// Controls and their values

const isSecret = (field) => SECRET.test(field.name) || /password|one-time-code/.test(field.autocomplete);
const isTyped = (field) =>
  field.name && !field.name.includes('__prefix__') && !NOT_TYPED.includes(field.type) && !isSecret(field);
const typedOf = (form) => [...form.elements].filter(isTyped);
const filesOf = (form) =>
  [...form.elements].filter((field) => field.type === 'file' && field.name && !field.name.includes('__prefix__'));

// {name: value} of some controls; boxes and circles of one name have one value together.
function valuesOf(fields, nameOf = (field) => field.name) {
  const values = {};
  for (const field of fields) {
    const name = nameOf(field);
    if (field.type === 'checkbox') {
      values[name] ??= [];
      if (field.checked) values[name].push(field.value);
    } else if (field.type === 'radio') {
      values[name] ??= null;
      if (field.checked) values[name] = field.value;
    } else if (field.tagName === 'SELECT') {
      values[name] = [...field.selectedOptions]
        .filter((option) => option.value)
        .map((option) => [option.value, option.text]);
    } else values[name] = field.value;
  }
  return values;
}

function put(field, value) {
  if (field.type === 'checkbox') {
    const was = field.checked;
    field.checked = Array.isArray(value) && value.includes(field.value);
    if (field.checked !== was) changed(field);
  } else if (field.type === 'radio') {
    field.checked = field.value === value;
    if (field.checked) changed(field);
  } else if (field.tagName === 'SELECT') {
    const present = new Set([...field.options].map((option) => option.value));
    for (const [key, label] of value) if (!present.has(key)) field.add(new Option(label, key));
    const chosen = new Set(value.map(([key]) => key));
    for (const option of field.options) option.selected = chosen.size ? chosen.has(option.value) : !option.value;
    window.django?.jQuery?.(field).trigger('change'); // the list that dresses it listens to jQuery alone
  } else {
    if (field.value === value) return;
    field.value = value;
    changed(field); // what shows more than its value
    editors.get(field)?.commands.setContent(value);
  }
}

const changed = (field) => field.dispatchEvent(new Event('change', { bubbles: true }));

// Rows of the tables below a form: one that is stored goes by its key, a new one by its place.

const tableNames = (form) =>
  [...form.elements].map((field) => field.name.match(/^(\w+)-TOTAL_FORMS$/)?.[1]).filter(Boolean);
const sizeOf = (form, table) => Number(form.elements[`${table}-TOTAL_FORMS`].value);
const keyOf = (form, table, number) => form.elements[`${table}-${number}-id`]?.value ?? '';

function rowsOf(form) {
  const fields = new Map();
  for (const field of typedOf(form)) {
    const [, table, number] = field.name.match(ROW) ?? [];
    if (!table || !form.elements[`${table}-TOTAL_FORMS`]) continue;
    const row = `${table}-${number}`;
    fields.set(row, [...(fields.get(row) ?? []), field]);
  }
  return fields;
}

const inRow = (field) => field.name.match(ROW)[3];
const isInTable = (form, field) => Boolean(form.elements[`${field.name.match(ROW)?.[1]}-TOTAL_FORMS`]);

function tablesOf(form) {
  const rows = rowsOf(form);
  const told = (table, number) => ({
    key: keyOf(form, table, number),
    values: valuesOf(rows.get(`${table}-${number}`) ?? [], inRow),
  });
  return Object.fromEntries(
    tableNames(form).map((table) => [
      table,
      Array.from({ length: sizeOf(form, table) }, (_, number) => told(table, number)),
    ]),
  );
}

// The number of a row that was just added, as a hand would; -1 where none can be.
function addRow(form, table) {
  const number = sizeOf(form, table);
  document.querySelector(`#${CSS.escape(table)}-group .add-row a`)?.click();
  return sizeOf(form, table) > number ? number : -1;
}

// Puts rows back, and returns {number they had: number they have}.
function putRows(form, table, kept) {
  const places = {};
  const numbers = Array.from({ length: sizeOf(form, table) }, (_, number) => number);
  const stored = new Map(numbers.map((number) => [keyOf(form, table, number), number]));
  const free = numbers.filter((number) => !keyOf(form, table, number));
  kept.forEach((row, was) => {
    const isGone = row.key && !stored.has(row.key); // others deleted it meanwhile
    if (isGone && row.values.DELETE?.length) return;
    const number = row.key && !isGone ? stored.get(row.key) : (free.shift() ?? addRow(form, table));
    if (number < 0) return;
    places[was] = number;
    const values = { ...row.values, ...(isGone && { DELETE: [] }) };
    for (const field of rowsOf(form).get(`${table}-${number}`) ?? [])
      if (inRow(field) in values) put(field, values[inRow(field)]);
  });
  return places;
}

// Files: their names, of those chosen now and of those that are to be chosen again.

const again = (input) => input.parentElement.querySelector(':scope > .upload-again');

function namesOf(input) {
  if (input.files.length) return [...input.files].map((file) => file.name);
  // Stored by the server until the form is saved, for this session alone.
  const waiting = input.form.elements[`${input.name}-tenuto`] && input.closest('.file-upload')?.querySelector('a');
  if (waiting) return [waiting.textContent.trim()];
  return [...(again(input)?.querySelectorAll('strong') ?? [])].map((name) => name.textContent);
}

function askAgain(input, names) {
  again(input)?.remove();
  const told = Object.assign(document.createElement('p'), { className: 'upload-again' });
  told.append(
    'Scegli di nuovo: ',
    ...names.flatMap((name, number) => [
      number ? ', ' : '',
      Object.assign(document.createElement('strong'), { textContent: name }),
    ]),
  );
  input.parentElement.append(told);
}

const chosenFiles = (form) =>
  Object.fromEntries(
    filesOf(form)
      .map((input) => [input.name, namesOf(input)])
      .filter(([, names]) => names.length),
  );

// One form

class Keeper {
  constructor(form, page, number, isDialog = false) {
    Object.assign(this, { form, page, number, isDialog, isKept: true, isSent: false, timer: 0 });
    const id = meta('desk-answers');
    const entry = store.entries().find((one) => one.id === id && this.isMine(one));
    this.isAnswer = Boolean(entry); // the server shows again what it has refused: the page itself is the newest text
    this.mark = Object.assign(document.createElement('input'), {
      type: 'hidden',
      name: 'kept_as',
      value: entry ? id : freshId(),
    });
    form.append(this.mark);
    this.rest = {}; // kept values of fields that this page does not have
    this.atFirst = this.fingerprint();
    for (const event of ['input', 'change']) form.addEventListener(event, (what) => this.hear(what));
    window.django?.jQuery?.(form).on('change', 'select', () => this.soon());
    form.addEventListener('submit', () => {
      this.write();
      this.isSent = true;
    });
    form.addEventListener('desk:saved', () => this.forget());
    if (!this.isAnswer) this.offer();
  }

  isMine(entry) {
    return entry.page === this.page && entry.form === this.number;
  }

  state() {
    const fields = valuesOf(typedOf(this.form).filter((field) => !isInTable(this.form, field)));
    return { fields: { ...this.rest, ...fields }, tables: tablesOf(this.form), files: chosenFiles(this.form) };
  }

  fingerprint() {
    return JSON.stringify(this.state());
  }

  get isDirty() {
    return this.isAnswer || this.fingerprint() !== this.atFirst;
  }

  hear({ target }) {
    if (target.type === 'file' && target.files.length) again(target)?.remove();
    this.isSent = false;
    this.soon();
  }

  soon() {
    this.timer ||= setTimeout(() => this.write(), PAUSE);
  }

  flush() {
    if (this.timer) this.write();
  }

  write() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.form.isConnected) return;
    if (!this.isDirty) {
      store.drop(this.mark.value);
      this.tellWhetherKept(true);
      return;
    }
    const seen = Object.fromEntries(
      SEEN.map((name) => [name, this.form.elements[name]?.value]).filter(([, value]) => value),
    );
    const about = {
      id: this.mark.value,
      at: Date.now(),
      page: this.page,
      form: this.number,
      address: location.pathname + location.search,
      name: this.name(),
    };
    this.tellWhetherKept(store.put({ ...about, seen, ...this.state() }) !== LOST);
  }

  forget() {
    clearTimeout(this.timer);
    this.timer = 0;
    store.drop(this.mark.value);
    this.isAnswer = false;
    this.atFirst = this.fingerprint();
  }

  name() {
    const title = document.querySelector('#content > h1')?.textContent.trim() ?? document.title;
    const first = ['title', 'name', 'acronym', 'alternative_text', 'email']
      .map((name) => this.form.elements[name]?.value?.trim())
      .find(Boolean);
    const about = this.isDialog ? 'Immagine nuova' : title;
    const what = first ?? document.querySelector('#content > h2')?.textContent.trim();
    return (what ? `${about}: ${what}` : about).slice(0, 160);
  }

  tellWhetherKept(isKept) {
    if (isKept === this.isKept) return;
    this.isKept = isKept;
    this.warning?.remove();
    if (isKept) return;
    this.warning = copyOf('desk-unkept');
    this.form.prepend(this.warning);
  }

  offer() {
    const differs = ({ fields, tables, files }) => JSON.stringify({ fields, tables, files }) !== this.atFirst;
    const [kept] = store
      .entries()
      .filter((entry) => this.isMine(entry) && entry.id !== this.mark.value && differs(entry))
      .sort((one, other) => other.at - one.at);
    if (!kept) return;
    const notice = copyOf('desk-kept');
    say(notice.querySelector('time'), kept.at);
    const names = Object.values(kept.files ?? {}).flat();
    notice.querySelector('[data-files]').hidden = !names.length;
    notice.querySelector('[data-files] strong').textContent = names.join(', ');
    notice.querySelector('[data-take]').addEventListener('click', () => {
      this.take(kept);
      notice.remove();
      this.focus();
    });
    notice.querySelector('[data-drop]').addEventListener('click', () => {
      store.drop(kept.id);
      notice.remove();
      this.focus();
      this.offer();
    });
    this.form.prepend(notice);
  }

  take(kept) {
    const places = {};
    for (const [table, rows] of Object.entries(kept.tables ?? {})) {
      if (this.form.elements[`${table}-TOTAL_FORMS`]) places[table] = putRows(this.form, table, rows);
    }
    const found = new Set();
    for (const field of typedOf(this.form)) {
      if (!(field.name in kept.fields) || isInTable(this.form, field)) continue;
      found.add(field.name);
      put(field, kept.fields[field.name]);
    }
    this.rest = Object.fromEntries(Object.entries(kept.fields).filter(([name]) => !found.has(name)));
    for (const [name, names] of Object.entries(kept.files ?? {})) {
      const [, table, number, field] = name.match(ROW) ?? [];
      const input = this.form.elements[table in places ? `${table}-${places[table][number]}-${field}` : name];
      if (input?.type === 'file') askAgain(input, names);
    }
    for (const [name, value] of Object.entries(kept.seen ?? {}))
      if (this.form.elements[name]) this.form.elements[name].value = value;
    store.drop(kept.id);
    this.write();
  }

  focus() {
    this.form.querySelector('input[type=text], input[type=email], textarea, select')?.focus();
  }
}

const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

function say(time, at) {
  const when = new Date(at);
  time.dateTime = when.toISOString();
  time.textContent = when.toLocaleString('it-IT', { dateStyle: 'long', timeStyle: 'short' });
}

// The first page of the desk: what this browser keeps, with the way back to each form

const wordsOf = (html) =>
  new DOMParser().parseFromString(html.replace(/<\/(p|li|h\d|tr)>/g, '$&\n'), 'text/html').body.textContent.trim();

function textsOf({ fields, tables }) {
  const rows = Object.values(tables ?? {}).flatMap((table) => table.map(({ values }) => values));
  const values = [fields, ...rows].flatMap((one) => Object.values(one ?? {}));
  return values
    .filter((value) => typeof value === 'string' && /\p{L}/u.test(value))
    .map(wordsOf)
    .filter(Boolean)
    .join('\n\n');
}

function list(place) {
  const entries = store.entries().sort((one, other) => other.at - one.at);
  place.hidden = !entries.length;
  place.querySelector('ul').replaceChildren(...entries.map(lineOf));
}

function lineOf(entry) {
  const line = copyOf('desk-kept-line');
  const link = Object.assign(line.querySelector('a'), { href: entry.address, textContent: entry.name });
  const [drop, back] = line.querySelectorAll('button');
  say(line.querySelector('time'), entry.at);
  line.querySelector('pre').textContent = textsOf(entry);
  drop.setAttribute('aria-label', `Scarta: ${link.textContent}`);
  const show = (isThere) => {
    line.querySelector('[data-there]').hidden = !isThere;
    line.querySelector('[data-gone]').hidden = isThere;
    (isThere ? drop : back).focus();
  };
  drop.addEventListener('click', () => {
    store.drop(entry.id);
    show(false);
  });
  back.addEventListener('click', () => {
    const { key, ...whole } = entry;
    store.put(whole);
    show(true);
  });
  return line;
}

// Where a form is at fault: a link leads to what can be typed in, though its field wears something else

function lead(event) {
  const link = event.target.closest('[data-faults] a');
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  for (let details = field.closest('details'); details; details = details.parentElement.closest('details'))
    details.open = true;
  const box = field.closest('.form-row, .inline-related, .inline-group') ?? field;
  const worn =
    field.closest('.prose-editor')?.querySelector('[contenteditable]') ??
    box.querySelector('.select2-search__field, .select2-selection, [data-choose]:not([hidden])');
  const isShown = field.checkVisibility?.() ?? field.offsetParent;
  const isPlain = isShown && field.matches('input, textarea, select') && !field.matches('.select2-hidden-accessible');
  const target = isPlain ? field : (worn ?? field.querySelector('input, select, textarea') ?? box);
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
}

// Which forms

const isKeepable = (form) =>
  form.method === 'post' &&
  !form.matches('#changelist-form, .preview-typed, [data-unkept]') &&
  (typedOf(form).length || filesOf(form).length);

forgetWhatIsSaved();
const keepers = [...document.querySelectorAll('#content form')]
  .map((form, number) => isKeepable(form) && new Keeper(form, location.pathname, number))
  .filter(Boolean);
document.addEventListener('desk:form', ({ detail, target }) => keepers.push(new Keeper(target, detail.page, 0, true)));

for (const event of ['pagehide', 'blur']) addEventListener(event, () => keepers.forEach((keeper) => keeper.flush()));
document.addEventListener('visibilitychange', () => document.hidden && keepers.forEach((keeper) => keeper.flush()));
addEventListener('pageshow', () => keepers.forEach((keeper) => (keeper.isSent = false)));
addEventListener('beforeunload', (event) => {
  for (const keeper of keepers) keeper.flush();
  const losing = keepers.filter((keeper) => keeper.form.isConnected && !keeper.isSent && !keeper.isKept);
  if (losing.length) event.preventDefault();
});

const home = document.querySelector('[data-kept-list]');
if (home) list(home);
const faults = document.querySelector('[data-faults]');
if (faults) {
  document.addEventListener('click', lead);
  faults.focus();
}
