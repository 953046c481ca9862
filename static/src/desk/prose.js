// The rich-text editor of the desk: in Italian, by keyboard alone, offering only what the server keeps.
import {
  Extension,
  Link as BaseLink,
  Mark,
  OrderedList as BaseOrderedList,
  Plugin,
  Table as BaseTable,
  TableCell as BaseTableCell,
  TableHeader as BaseTableHeader,
  crel,
} from 'django-prose-editor/editor';

// By the name that the menu gives each item: what it says, and the keys that do the same.
const LABELS = {
  paragraph: ['Paragrafo', 'Ctrl+Alt+0'],
  heading2: ['Titolo di sezione', 'Ctrl+Alt+2'],
  heading3: ['Titolo di sottosezione', 'Ctrl+Alt+3'],
  heading4: ['Titolo di terzo livello', 'Ctrl+Alt+4'],
  bulletList: ['Elenco puntato', 'Ctrl+Maiusc+8'],
  orderedList: ['Elenco numerato', 'Ctrl+Maiusc+7'],
  blockquote: ['Citazione', 'Ctrl+Maiusc+B'],
  horizontalRule: ['Linea di separazione', ''],
  figure: ['Immagine', ''],
  bold: ['Grassetto', 'Ctrl+B'],
  italic: ['Corsivo', 'Ctrl+I'],
  subscript: ['Pedice', ''],
  superscript: ['Apice', ''],
  link: ['Collegamento', 'Ctrl+K'],
  unlink: ['Togli il collegamento', ''],
  table: ['Inserisci una tabella', ''],
  'table:addColumnAfter': ['Aggiungi una colonna a destra', ''],
  'table:deleteColumn': ['Elimina la colonna', ''],
  'table:addRowAfter': ['Aggiungi una riga sotto', ''],
  'table:deleteRow': ['Elimina la riga', ''],
  'table:mergeCells': ['Unisci le celle scelte', ''],
  'table:splitCell': ['Dividi la cella', ''],
  'table:toggleHeaderCell': ['Cella di intestazione', ''],
  'table:deleteTable': ['Elimina la tabella', ''],
  'history:undo': ['Annulla', 'Ctrl+Z'],
  'history:redo': ['Ripeti', 'Ctrl+Maiusc+Z'],
};
const TOGGLES = /^(paragraph|heading\d|orderedList|blockquote|bold|italic|subscript|superscript)$/;

// ---- What a text is made of

export const Link = BaseLink.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      defaultProtocol: 'https',
      isAllowedUri: (href) => addressOf(href) !== '',
      // «Comune.La» is a full stop without its space, not an address of Laos.
      shouldAutoLink: (text) => /^(https?:\/\/|www\.)|^[^\s@/]+@[^\s@/]+$/i.test(text),
    };
  },
  addAttributes() {
    return { href: { default: null, parseHTML: (element) => addressOf(element.getAttribute('href')) } };
  },
  renderHTML({ HTMLAttributes: { href } }) {
    return ['a', { href, rel: 'noopener' }, 0];
  },
  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) =>
          editLink(editor),
    };
  },
  addMenuItems(storage) {
    this.parent?.(storage);
    storage._definedItems.link.enabled = () => true; // without chosen words, the dialog asks for them
  },
});

// What an editor may type or paste as an address, in full; '' when it is none.
function addressOf(typed) {
  const text = (typed ?? '').trim();
  if (
    /^(https?:\/\/[^\s@\\/]+(?:\/[^\s\\]*|[?#][^\s\\]*)?|\/(?!\/)[^\s\\]*|#\S+|mailto:\S+@\S+|tel:[+\d][\d ().-]*)$/i.test(
      text,
    )
  )
    return text;
  if (/^[^\s@/:]+@[^\s@/:]+\.[a-z]{2,}$/i.test(text)) return `mailto:${text}`;
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}([/?#]\S*)?$/i.test(text)) return `https://${text}`;
  return '';
}

export const OrderedList = BaseOrderedList.extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => element.start,
        renderHTML: ({ start }) => (start > 1 ? { start } : {}),
      },
    };
  },
  addNodeView: () => null,
});

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.min(Number(element.getAttribute(name)) || 1, 100),
});
const spans = () => ({
  colspan: span('colspan'),
  rowspan: span('rowspan'),
  colwidth: { default: null, parseHTML: () => null, rendered: false },
});

const inCells = '(paragraph | bulletList | orderedList)+'; // a table within a table loses its readers

export const TableCell = BaseTableCell.extend({ content: inCells, addAttributes: spans });

export const TableHeader = BaseTableHeader.extend({
  content: inCells,
  addAttributes: () => ({ scope: { default: null, parseHTML: (element) => element.scope || null }, ...spans() }),

  // A header cell says whether it heads its column or its row: by where it stands.
  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction(transactions, before, { doc, tr }) {
          if (!transactions.some((transaction) => transaction.docChanged)) return null;
          doc.descendants((node, position, row, index) => {
            if (node.type.name !== 'tableHeader' || node.attrs.scope) return;
            const here = doc.resolve(position);
            const isFirstRow = here.index(here.depth - 1) === 0;
            tr.setNodeAttribute(position, 'scope', !isFirstRow && index === 0 ? 'row' : 'col');
          });
          return tr.docChanged ? tr : null;
        },
      }),
    ];
  },
});

export const Table = BaseTable.extend({
  addAttributes() {
    const captionOf = (table) =>
      [...table.children].find((child) => child.matches('caption'))?.textContent.trim() || null;
    return { caption: { default: null, parseHTML: captionOf, rendered: false } };
  },
  parseHTML: () => [{ tag: 'table' }, { tag: 'caption', ignore: true }],
  renderHTML: ({ node: { attrs } }) => ['table', ...(attrs.caption ? [['caption', attrs.caption]] : []), ['tbody', 0]],

  addNodeView() {
    const viewOf = this.parent?.();
    return (properties) => {
      const view = viewOf(properties);
      const caption = view.table.createCaption();
      const show = (node) => {
        caption.textContent = node.attrs.caption ?? '';
        caption.hidden = !node.attrs.caption;
      };
      const update = view.update;
      view.update = (node) => {
        if (!update(node)) return false;
        show(node);
        return true;
      };
      show(properties.node);
      return view;
    };
  },
  addCommands() {
    return {
      ...this.parent?.(),
      insertTableWithOptions:
        () =>
        ({ editor }) =>
          insertTable(editor),
    };
  },
  addMenuItems(storage) {
    this.parent?.(storage);
    storage.menu.defineItem({
      name: 'table:caption',
      groups: 'table',
      command: editCaption,
      button: storage.buttons.material('subtitles', 'Titolo della tabella'),
      hidden: (editor) => !editor.isActive('table'),
    });
  },
});

// Explained by hand in the text that came: kept as it is. Acronyms of the glossary are explained as the page is shown.
export const Abbreviation = Mark.create({
  name: 'abbreviation',
  inclusive: false,
  addAttributes: () => ({ title: { default: null } }),
  parseHTML: () => [{ tag: 'abbr[title]' }],
  renderHTML: ({ HTMLAttributes }) => ['abbr', HTMLAttributes, 0],
});

// ---- Dialogs

let dialogs = 0;

// Asks in a dialog; resolves to the form's values, or to null. `checks` are messages by field, from its value.
function ask(editor, { title, fields, submit, checks = {} }) {
  const id = `prose-dialog-${++dialogs}`;
  const inputs = Object.entries(fields).map(([name, { label, help, ...attributes }], index) => {
    const input = crel('input', { id: `${id}-${index}`, name, type: 'text', ...attributes });
    const about = [crel('label', { htmlFor: input.id, textContent: label })];
    if (help) about.push(crel('p', { id: `${input.id}-help`, className: 'help', textContent: help }));
    const fault = crel('p', { id: `${input.id}-fault`, className: 'errornote', hidden: true });
    input.setAttribute('aria-describedby', `${help ? `${input.id}-help ` : ''}${fault.id}`);
    return { input, fault, row: crel('div', { className: 'prose-editor-dialog-field' }, [...about, input, fault]) };
  });
  const cancel = crel('button', { type: 'button', textContent: 'Annulla' });
  const form = crel('form', { noValidate: true }, [
    crel('h2', { id: `${id}-title`, className: 'prose-editor-dialog-title', textContent: title }),
    ...inputs.map(({ row }) => row),
    crel('div', { className: 'prose-editor-dialog-buttons' }, [
      crel('button', { type: 'submit', textContent: submit }),
      cancel,
    ]),
  ]);
  const dialog = crel('dialog', { className: 'prose-editor-dialog', 'aria-labelledby': `${id}-title` }, [form]);
  const faultOf = (input) => checks[input.name]?.(input.value) ?? '';

  // Outside the admin's form: a form within a form would be none.
  document.body.append(dialog);
  return new Promise((resolve) => {
    let answer = null;
    cancel.addEventListener('click', () => dialog.close());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      for (const { input, fault } of inputs) {
        fault.textContent = faultOf(input);
        fault.hidden = !fault.textContent;
        input.setAttribute('aria-invalid', String(!fault.hidden));
      }
      const wrong = inputs.find(({ fault }) => !fault.hidden);
      if (wrong) return wrong.input.focus();
      answer = Object.fromEntries(inputs.map(({ input }) => [input.name, input.value.trim()]));
      return dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      editor.view.focus();
      resolve(answer);
    });
    dialog.showModal();
    inputs[0].input.select();
  });
}

function editLink(editor) {
  const isLink = editor.isActive('link');
  const needsWords = editor.state.selection.empty && !isLink;
  const fields = {
    href: {
      label: 'Indirizzo',
      value: editor.getAttributes('link').href ?? '',
      inputMode: 'url',
      autocomplete: 'off',
      help: 'Per esempio https://www.regione.lombardia.it, una pagina del portale come /argomenti/cer/, o un’e-mail.',
    },
  };
  if (needsWords)
    fields.words = { label: 'Parole da leggere', value: '', help: 'Dicono dove porta: non «clicca qui».' };
  const checks = {
    href: (value) => (addressOf(value) ? '' : 'Scrivi un indirizzo intero, per esempio https://www.comune.crema.it.'),
    words: (value) => (value.trim() ? '' : 'Scrivi le parole su cui si potrà premere.'),
  };
  ask(editor, {
    title: isLink ? 'Modifica il collegamento' : 'Collegamento',
    fields,
    submit: isLink ? 'Modifica' : 'Inserisci',
    checks,
  }).then((answer) => {
    if (!answer) return;
    const mark = { type: 'link', attrs: { href: addressOf(answer.href) } };
    const chain = editor.chain().focus();
    if (needsWords) chain.insertContent({ type: 'text', text: answer.words, marks: [mark] }).unsetMark('link');
    else chain.extendMarkRange('link').setMark('link', mark.attrs);
    chain.run();
  });
  return true;
}

const between = (first, last) => (value) =>
  /^\d+$/.test(value.trim()) && value >= first && value <= last ? '' : `Scrivi un numero da ${first} a ${last}.`;

function insertTable(editor) {
  const number = (label, value) => ({ label, value, inputMode: 'numeric', autocomplete: 'off' });
  const fields = {
    caption: {
      label: 'Titolo della tabella',
      value: '',
      help: 'Che cosa mostra: chi ascolta la pagina decide da qui se leggerla.',
    },
    rows: { ...number('Righe', '3'), help: 'La prima riga porta i nomi delle colonne.' },
    cols: number('Colonne', '3'),
  };
  const checks = { rows: between(2, 100), cols: between(1, 20) };
  ask(editor, { title: 'Inserisci una tabella', fields, submit: 'Inserisci', checks }).then((answer) => {
    if (!answer) return;
    const shape = { rows: Number(answer.rows), cols: Number(answer.cols), withHeaderRow: true };
    editor
      .chain()
      .focus()
      .insertTable(shape)
      .updateAttributes('table', { caption: answer.caption || null })
      .run();
  });
  return true;
}

function editCaption(editor) {
  const fields = { caption: { label: 'Titolo della tabella', value: editor.getAttributes('table').caption ?? '' } };
  ask(editor, { title: 'Titolo della tabella', fields, submit: 'Modifica' }).then((answer) => {
    if (answer)
      editor
        .chain()
        .focus()
        .updateAttributes('table', { caption: answer.caption || null })
        .run();
  });
}

// ---- The desk around the text

// Better words typed over those of a link are its words, until the cursor goes elsewhere.
function keepLink({ state, dispatch }, from, to, text) {
  const isLink = ({ type }) => type === state.schema.marks.link;
  const chosen = from < to ? state.doc.resolve(from).nodeAfter?.marks.find(isLink) : null;
  const link = chosen && isWithin(state.doc, from, to, chosen) ? chosen : state.storedMarks?.find(isLink);
  if (!link) return false;
  const tr = state.tr.insertText(text, from, to).addMark(from, from + text.length, link);
  // Otherwise what makes links of addresses would end this one at the first space.
  dispatch(tr.setStoredMarks(tr.selection.$from.marks()).setMeta('preventAutolink', true).scrollIntoView());
  return true;
}

function isWithin(doc, from, to, mark) {
  let covers = true;
  doc.nodesBetween(from, to, (node) => {
    if (node.isText && !mark.isInSet(node.marks)) covers = false;
  });
  return covers;
}

export const Desk = Extension.create({
  name: 'desk',
  addOptions: () => ({ limit: Infinity }),
  addStorage: () => ({ say: () => {} }),

  onCreate({ editor }) {
    const around = editor.options.element;
    const textarea = around.querySelector('textarea');
    const notes = crel('p', { className: 'prose-note', role: 'status' });
    const size = crel('p', { className: 'prose-size', id: `${textarea.id}_size` });
    around.append(notes, size);
    this.storage.say = (text) => {
      notes.textContent = text;
    };
    nameTextBox(editor, textarea, size);
    const refresh = makeToolbar(editor, around.querySelector('.prose-menubar'), textarea);
    editor.on('transaction', refresh);
    refresh();

    const measure = () => showSize(editor, textarea, size, this.options.limit);
    let waiting;
    editor.on('update', () => {
      // The paragraph that waits after a table for what comes next is no part of the text.
      textarea.value = textarea.value.replaceAll('<p></p>', '');
      clearTimeout(waiting);
      waiting = setTimeout(measure, 300);
    });
    measure();
  },

  addCommands: () => ({
    indentItem:
      () =>
      ({ commands }) =>
        commands.sinkListItem('listItem'),
    outdentItem:
      () =>
      ({ commands }) =>
        commands.liftListItem('listItem'),
  }),
  addKeyboardShortcuts() {
    return {
      'Mod-]': ({ editor }) => editor.commands.indentItem(),
      'Mod-[': ({ editor }) => editor.commands.outdentItem(),
      'Alt-F10': ({ editor }) => {
        editor.options.element.querySelector('.prose-menubar [tabindex="0"]')?.focus();
        return true;
      },
    };
  },
  addMenuItems({ menu, buttons }) {
    const item = (name, icon, label, command) =>
      menu.defineItem({
        name,
        groups: 'indent',
        button: buttons.material(icon, label),
        hidden: (editor) => !editor.isActive('listItem'),
        enabled: (editor) => editor.can()[command](),
        command: (editor) => editor.commands[command](),
      });
    item('indentItem', 'format_indent_increase', 'Sposta il punto più dentro', 'indentItem');
    item('outdentItem', 'format_indent_decrease', 'Sposta il punto più fuori', 'outdentItem');
  },

  // Tab always leaves the text, also from a list or a table: nobody is caught inside.
  addProseMirrorPlugins: () => [
    new Plugin({ props: { handleTextInput: keepLink } }),
    new Plugin({
      props: { handleDOMEvents: { keydown: (view, event) => event.key === 'Tab' && !event.ctrlKey && !event.altKey } },
    }),
  ],
});

function nameTextBox(editor, textarea, size) {
  const box = editor.view.dom;
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  if (label) {
    label.id ||= `${textarea.id}_label`;
    label.addEventListener('click', () => editor.view.focus());
    box.setAttribute('aria-labelledby', label.id);
  }
  const described = [textarea.getAttribute('aria-describedby'), size.id].filter(Boolean).join(' ');
  const says = { role: 'textbox', lang: 'it', 'aria-multiline': 'true', 'aria-describedby': described };
  if (textarea.getAttribute('aria-invalid')) says['aria-invalid'] = textarea.getAttribute('aria-invalid');
  for (const [name, value] of Object.entries(says)) box.setAttribute(name, value);
}

// One stop for the Tab key, arrows inside. Returns what brings the buttons up to date.
function makeToolbar(editor, toolbar, textarea) {
  const buttons = [...toolbar.querySelectorAll('button')];
  const label = document.querySelector(`label[for="${textarea.id}"]`)?.textContent.replace(/[:\s]+$/, '') ?? '';
  toolbar.setAttribute('role', 'toolbar');
  toolbar.setAttribute('aria-label', `Strumenti: ${label}`.trim());
  for (const button of buttons) {
    const [name, keys] = LABELS[button.dataset.name] ?? [button.getAttribute('aria-label'), ''];
    button.setAttribute('aria-label', name);
    button.title = keys ? `${name} (${keys})` : name;
    if (keys) button.setAttribute('aria-keyshortcuts', keys.replace('Ctrl', 'Control').replace('Maiusc', 'Shift'));
  }
  const shown = () => buttons.filter((button) => !button.classList.contains('hidden'));
  const stopAt = (stop) => {
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  };
  toolbar.addEventListener('focusin', (event) => stopAt(event.target));
  toolbar.addEventListener('keydown', (event) => {
    const all = shown();
    const here = all.indexOf(document.activeElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Escape') editor.view.focus();
    else if (next !== undefined) all.at(next % all.length).focus();
    else return;
    event.preventDefault();
  });
  return () => {
    for (const button of buttons) {
      if (TOGGLES.test(button.dataset.name))
        button.setAttribute('aria-pressed', String(button.classList.contains('active')));
      button.setAttribute('aria-disabled', String(button.classList.contains('disabled')));
    }
    const all = shown();
    if (!all.some((button) => button.tabIndex === 0)) stopAt(all[0]);
    else stopAt(all.find((button) => button.tabIndex === 0));
  };
}

function showSize(editor, textarea, size, limit) {
  const words = editor.state.doc.textBetween(0, editor.state.doc.content.size, ' ', ' ').match(/\S+/g)?.length ?? 0;
  const italian = (number) => number.toLocaleString('it', { useGrouping: 'always' });
  const length = textarea.value.length;
  const isTooLong = length > limit;
  size.classList.toggle('is-too-long', isTooLong);
  size.textContent = isTooLong
    ? `Il testo è troppo lungo: ${italian(length)} caratteri, e il massimo è ${italian(limit)}. Così non si potrà salvare.`
    : `${italian(words)} ${words === 1 ? 'parola' : 'parole'}. Al massimo ${italian(limit)} caratteri. Alt+F10 porta agli strumenti, Tab esce dal testo.`;
}
