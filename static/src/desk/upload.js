// Says at the field, before anything is sent, whether a file is within its limits; and shows pictures at once.
const MEGABYTE = 1024 * 1024;
const number = new Intl.NumberFormat('it', { maximumFractionDigits: 1 });

function weight(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${number.format(bytes / MEGABYTE)} MB`;
}

export const limitsIn = (attributes) => ({
  bytes: Number(attributes['data-max-bytes']),
  pixels: Number(attributes['data-max-pixels']),
  endings: attributes.accept.split(','),
});
const limitsOf = (input) => limitsIn(Object.fromEntries([...input.attributes].map(({ name, value }) => [name, value])));

const ADVICE = {
  '.heic': 'È una foto HEIC, il formato dell’iPhone: aprila e condividila o esportala come JPEG, poi riprova.',
  '.svg': 'È un disegno SVG, che può contenere programmi: esportalo come PNG e riprova.',
};
ADVICE['.heif'] = ADVICE['.heic'];
const OLD = 'È di un vecchio formato di Office: aprilo, salvalo in PDF o nel formato di oggi e riprova.';
const ADVICE_ON_DOCUMENTS = {
  '.doc': OLD,
  '.xls': OLD,
  '.ppt': OLD,
  '.rtf': 'È un file RTF: aprilo, salvalo in PDF o come .docx e riprova.',
  '.pages': 'È un documento di Apple: esportalo in PDF e riprova.',
  '.eml': 'È un messaggio di posta: allega i documenti che contiene, o salvalo in PDF.',
  '.msg': 'È un messaggio di posta: allega i documenti che contiene, o salvalo in PDF.',
  '.p7m': 'È un documento firmato: mettilo in uno ZIP, o allega il documento che contiene.',
};

export function faultOf(file, { bytes, pixels, endings }) {
  const ending = file.name.slice(file.name.lastIndexOf('.')).toLowerCase();
  const advice = (pixels ? ADVICE : ADVICE_ON_DOCUMENTS)[ending];
  if (!endings.includes(ending) && advice) return `«${file.name}»: ${advice}`;
  if (!endings.includes(ending)) return `«${file.name}» non è di un formato ammesso: ${endings.join(', ')}.`;
  if (file.size > bytes)
    return `«${file.name}» pesa ${weight(file.size)}: il massimo è ${weight(bytes)}. Riducilo e riprova.`;
  if (file.size === 0) return `«${file.name}» è vuoto.`;
  return '';
}

async function measure(image, file, limits) {
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } catch {
    return `«${file.name}» non si apre come immagine: forse è rovinato.`;
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  const tooMany = `L’immagine misura ${width} × ${height} punti: il massimo è ${limits.pixels / 1_000_000} milioni.`;
  return width * height > limits.pixels ? tooMany : '';
}

function placesFor(input) {
  const known = input.parentElement.querySelector('.upload-about');
  if (known) return ['.upload-told', '.upload-preview'].map((place) => known.querySelector(place));
  const told = Object.assign(document.createElement('p'), { className: 'upload-told' });
  told.setAttribute('role', 'status');
  const image = Object.assign(document.createElement('img'), { className: 'upload-preview', alt: '', hidden: true });
  const about = Object.assign(document.createElement('div'), { className: 'upload-about' });
  about.append(told, image);
  input.after(about);
  return [told, image];
}

export async function tell(input) {
  const [file] = input.files;
  const [told, image] = placesFor(input);
  const limits = limitsOf(input);
  URL.revokeObjectURL(image.src);
  image.hidden = true;
  let fault = file ? faultOf(file, limits) : '';
  if (file && limits.pixels && !fault) {
    fault = await measure(image, file, limits);
    image.hidden = Boolean(fault);
  }
  told.textContent = fault || (file ? `${weight(file.size)} su ${weight(limits.bytes)} al massimo: va bene.` : '');
  told.classList.toggle('is-fault', Boolean(fault));
  input.setCustomValidity(fault);
  input.toggleAttribute('aria-invalid', Boolean(fault));
  if (!fault && file && limits.pixels)
    input.dispatchEvent(new CustomEvent('picture:shown', { bubbles: true, detail: image }));
}

document.addEventListener('change', ({ target }) => {
  if (target.matches('input[type=file][data-max-bytes]')) tell(target);
});
