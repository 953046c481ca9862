// What is typed stays in this browser until the server has it: a closed tab, a lost network, an expired session lose
// nothing. The server answers a save with a cookie named after the text that it has taken in.
const notice = document.querySelector('[data-keep]');
const form = notice.closest('form');
const prefix = `desk:${notice.dataset.keep}:`;
const DAYS_KEPT = 30;
const PAUSE = 400; // milliseconds without typing before it is written down

const entries = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith('desk:'))
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));

function forgetWhatIsSaved() {
  const saved = new Set([...document.cookie.matchAll(/(?:^|; )salvato-(\w+)=/g)].map(([, id]) => id));
  for (const id of saved) document.cookie = `salvato-${id}=; path=/admin/; max-age=0; samesite=strict`;
  const oldest = Date.now() - DAYS_KEPT * 86_400_000;
  for (const entry of entries()) if (saved.has(entry.id) || entry.at < oldest) localStorage.removeItem(entry.key);
}

// The fields of the publication itself: rows of inlines have a dash, what Django adds is hidden or a button.
const fields = () =>
  [...form.elements].filter(
    (field) => field.name && !field.name.includes('-') && !['hidden', 'submit', 'button', 'file'].includes(field.type)
  );

function valueOf(field) {
  if (field.type === 'checkbox') return field.checked;
  if (field.tagName === 'SELECT') return [...field.selectedOptions].filter((o) => o.value).map((o) => [o.value, o.text]);
  return field.value;
}

const typed = () =>
  Object.fromEntries(
    fields()
      .filter((field) => field.type !== 'radio' || field.checked)
      .map((field) => [field.name, valueOf(field)])
  );

function put(field, value) {
  if (field.type === 'checkbox') field.checked = value;
  else if (field.tagName === 'SELECT') {
    const present = new Set([...field.options].map((option) => option.value));
    for (const [key, label] of value) if (!present.has(key)) field.add(new Option(label, key));
    const chosen = new Set(value.map(([key]) => key));
    for (const option of field.options) option.selected = chosen.has(option.value);
    window.django?.jQuery?.(field).trigger('change'); // the list that dresses it listens to jQuery alone
  } else {
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true })); // what shows more than its value
    editors.get(field)?.commands.setContent(value);
  }
}

const editors = new Map();
document.addEventListener('prose-editor:ready', ({ detail }) => {
  editors.set(detail.textarea, detail.editor);
});

const version = form.elements.seen_version;
const mark = Object.assign(document.createElement('input'), { type: 'hidden', name: 'kept_as' });
mark.value = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
form.append(mark);

forgetWhatIsSaved();
const atFirst = JSON.stringify(typed());
const kept = entries()
  .filter((entry) => entry.key.startsWith(prefix) && JSON.stringify(entry.fields) !== atFirst)
  .sort((one, other) => other.at - one.at)[0];

let timer;
function keep() {
  clearTimeout(timer);
  timer = setTimeout(write, PAUSE);
}

function write() {
  clearTimeout(timer);
  const now = typed();
  if (JSON.stringify(now) === atFirst) return localStorage.removeItem(prefix + mark.value);
  const entry = { id: mark.value, at: Date.now(), version: version.value, fields: now };
  try {
    localStorage.setItem(prefix + mark.value, JSON.stringify(entry));
  } catch {
    // A full or closed store keeps nothing: the form works as it would without this script.
  }
}

form.addEventListener('input', keep);
form.addEventListener('change', keep);
window.django?.jQuery?.(form).on('change', 'select', keep);
form.addEventListener('submit', write);
addEventListener('pagehide', () => timer && write());

if (kept) {
  const when = new Date(kept.at);
  const time = notice.querySelector('time');
  time.dateTime = when.toISOString();
  time.textContent = when.toLocaleString('it-IT', { dateStyle: 'long', timeStyle: 'short' });
  notice.hidden = false;
  notice.querySelector('[data-take]').addEventListener('click', () => {
    for (const field of fields()) {
      if (!(field.name in kept.fields)) continue;
      if (field.type === 'radio') field.checked = field.value === kept.fields[field.name];
      else put(field, kept.fields[field.name]);
    }
    version.value = kept.version; // on which it was typed: the server says what others changed since
    localStorage.removeItem(kept.key);
    write();
    notice.hidden = true;
    form.querySelector('input[type=text]').focus();
  });
  notice.querySelector('[data-drop]').addEventListener('click', () => {
    localStorage.removeItem(kept.key);
    notice.hidden = true;
    form.querySelector('input[type=text]').focus();
  });
}
