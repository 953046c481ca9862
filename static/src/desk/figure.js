// Pictures in a text: chosen from the library, never without words, shown by the desk's door while nobody published them.
import { canInsertNode, Figure as EditorFigure, Image as EditorImage } from 'django-prose-editor/editor';
import { choosePicture } from './library.js';

const PUBLIC = '/file/';

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// The picture under the cursor: its node and place, and those of the figure around it.
function pictureAt({ selection }) {
  const { node, $from } = selection;
  if (node?.type.name === 'image') {
    const isFramed = $from.parent.type.name === 'figure';
    const figure = isFramed ? { figure: $from.parent, start: $from.before() } : { figure: node, start: selection.from };
    return { image: node, place: selection.from, ...figure };
  }
  if (node?.type.name === 'figure')
    return { image: node.firstChild, place: selection.from + 1, figure: node, start: selection.from };
  for (let depth = $from.depth; depth > 0; depth--) {
    const figure = $from.node(depth);
    const start = $from.before(depth);
    if (figure.type.name === 'figure') return { image: figure.firstChild, place: start + 1, figure, start };
  }
  return null;
}

// Resolves with {words, caption}, 'remove', or null.
function askWords({ words, caption, isNew, thumbnail }) {
  return new Promise((resolve) => {
    const alternative = make('textarea', { id: 'figure-words', value: words, rows: 3, maxLength: 255, required: true });
    const below = make('input', { id: 'figure-caption', value: caption ?? '', maxLength: 255 });
    const title = make('h2', {
      id: 'figure-title',
      textContent: isNew ? 'Inserisci l’immagine' : 'L’immagine nel testo',
    });
    const confirm = make('button', {
      type: 'submit',
      className: 'button default',
      textContent: isNew ? 'Inserisci' : 'Aggiorna',
    });
    const cancel = make('button', { type: 'button', className: 'button', textContent: 'Annulla' });
    const remove = make('button', {
      type: 'button',
      className: 'button',
      textContent: 'Togli dal testo',
      hidden: isNew,
    });
    const form = make(
      'form',
      {},
      title,
      make('img', { src: thumbnail, alt: '', width: 240, height: 180 }),
      make(
        'p',
        {},
        make('label', {
          htmlFor: 'figure-words',
          textContent: 'Testo alternativo: che cosa mostra, per chi non la vede',
        }),
        alternative,
      ),
      ...(caption === null
        ? []
        : [
            make('p', {}, make('label', { htmlFor: 'figure-caption', textContent: 'Didascalia (facoltativa)' }), below),
          ]),
      make('p', { className: 'picture-buttons' }, confirm, ' ', cancel, ' ', remove),
    );
    const dialog = make('dialog', { className: 'picture-dialog picture-words-dialog' }, form);
    dialog.setAttribute('aria-labelledby', title.id);
    let answer = null;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    alternative.addEventListener('input', () => {
      const isEmpty = !alternative.value.trim();
      alternative.setCustomValidity(isEmpty ? 'Scrivi che cosa mostra: chi non la vede deve saperlo.' : '');
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      close({ words: alternative.value.trim(), caption: below.value.trim() });
    });
    cancel.addEventListener('click', () => close(null));
    remove.addEventListener('click', () => close('remove'));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    alternative.focus();
  });
}

const captionOf = (text) => (text ? [{ type: 'caption', content: [{ type: 'text', text }] }] : []);

async function insert(editor, { library }) {
  const picture = await choosePicture(library);
  const asked = picture && {
    words: picture.alternative,
    caption: picture.credit,
    thumbnail: picture.thumbnail,
    isNew: true,
  };
  const answer = asked && (await askWords(asked));
  if (!answer) return editor.commands.focus();
  const attrs = { src: picture.source, alt: answer.words, width: picture.width, height: picture.height };
  const figure = { type: 'figure', content: [{ type: 'image', attrs }, ...captionOf(answer.caption)] };
  return editor.chain().focus().insertContent(figure).run();
}

async function change(editor, { image, place, figure, start }, door) {
  const isCaptioned = figure.childCount > 1;
  const answer = await askWords({
    words: image.attrs.alt ?? '',
    caption: isCaptioned || figure === image ? null : '', // a caption that is there is written in the text itself
    thumbnail: image.attrs.src.replace(PUBLIC, door),
    isNew: false,
  });
  if (answer === 'remove')
    return editor
      .chain()
      .focus()
      .deleteRange({ from: start, to: start + figure.nodeSize })
      .run();
  if (!answer) return editor.commands.focus();
  const changed = editor.chain().focus().setNodeSelection(place).updateAttributes('image', { alt: answer.words });
  return answer.caption
    ? changed.insertContentAt(place + image.nodeSize, captionOf(answer.caption)[0]).run()
    : changed.run();
}

export const Figure = EditorFigure.extend({
  addOptions: () => ({ library: '', door: '' }),
  addExtensions: () => [],
  addCommands() {
    const edit =
      () =>
      ({ editor, state, dispatch }) => {
        const picture = pictureAt(state);
        const isPossible = Boolean(picture) || canInsertNode(state, state.schema.nodes.figure);
        if (!dispatch || !isPossible) return isPossible;
        if (picture) change(editor, picture, this.options.door);
        else insert(editor, this.options);
        return true;
      };
    return { editImage: edit, insertFigure: edit };
  },
  // Out of a caption, or from a picture, the text goes on below.
  addKeyboardShortcuts: () => ({
    Enter({ editor }) {
      const picture = pictureAt(editor.state);
      if (!picture) return false;
      const below = picture.start + picture.figure.nodeSize;
      return editor
        .chain()
        .insertContentAt(below, { type: 'paragraph' })
        .setTextSelection(below + 1)
        .run();
    },
  }),
});

export const Image = EditorImage.extend({
  addOptions() {
    return { ...this.parent?.(), door: '' };
  },
  parseHTML: () => [{ tag: `img[src^="${PUBLIC}immagini/"]` }],
  addNodeView() {
    const { door } = this.options;
    return ({ node }) => {
      const dom = make('img', { alt: node.attrs.alt ?? '', src: (node.attrs.src ?? '').replace(PUBLIC, door) });
      dom.classList.toggle('is-wordless', !node.attrs.alt);
      for (const side of ['width', 'height']) if (node.attrs[side]) dom.setAttribute(side, node.attrs[side]);
      return { dom };
    };
  },
});
