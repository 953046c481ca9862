// A field that holds a picture: shows it, and opens the library to choose another.
import { choosePicture } from './library.js';

function dress(chooser) {
  const [input, wordsRead] = chooser.querySelectorAll('input');
  const [image, words] = chooser.querySelectorAll('.picture-chosen img, .picture-chosen span');
  const [choose, drop] = chooser.querySelectorAll('[data-choose], [data-drop]');
  const label = document.querySelector(`label[for="${input.id}"]`);

  function show(picture) {
    image.hidden = !picture;
    if (picture) image.src = picture.thumbnail;
    words.textContent = picture?.name ?? 'Nessuna immagine scelta.';
    drop.hidden = !picture;
    wordsRead.value = picture?.words ?? '';
  }

  function put(picture) {
    input.value = picture?.id ?? '';
    show(picture);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  input.hidden = true;
  choose.hidden = false;
  drop.hidden = !input.value;
  choose.id = `${input.id}_choose`;
  if (label) {
    label.id ||= `${input.id}_label`;
    label.htmlFor = choose.id;
    choose.setAttribute('aria-labelledby', `${label.id} ${choose.id}`);
  }
  choose.addEventListener('click', async () => {
    const picture = await choosePicture(chooser.dataset.pictures);
    if (picture) put(picture);
    choose.focus();
  });
  drop.addEventListener('click', () => {
    put(null);
    choose.focus();
  });
  // Somebody else put a key in: a draft that came back.
  input.addEventListener('change', async () => {
    if (!input.value) return show(null);
    const response = await fetch(`${chooser.dataset.pictures}?${new URLSearchParams({ pk: input.value })}`);
    show((await response.json()).pictures[0]);
  });
}

for (const chooser of document.querySelectorAll('.picture-chooser')) dress(chooser);
