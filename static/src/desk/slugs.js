// The name of a thing in its address, while its title is typed: as areaomogenea/naming/slugs.py makes it, in the place
// of Django's own, which glues words at every sign.
const MOST_READ = 1000;
const SPELLED_OUT = {
  '&': ' e ',
  '+': ' più ',
  '%': ' per cento ',
  '€': ' euro ',
  '°': ' ',
  º: ' ',
  ª: ' ',
  '™': ' ',
  '®': ' ',
  '©': ' ',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
};
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const INITIALS = /(?<![a-z0-9])(?:[a-z]\.)+[a-z]\.?(?![a-z0-9])/g;
const THOUSANDS = /(?<=[0-9])\.(?=[0-9]{3}(?![0-9]))/g;

const shortened = (slug, longest) => {
  if (slug.length <= longest) return slug;
  const room = slug.slice(0, longest + 1);
  return room.slice(0, Math.max(room.lastIndexOf('-'), 0)) || slug.slice(0, longest);
};

globalThis.URLify = (text, longest = 100) => {
  const letters = [...text].slice(0, MOST_READ).join('').replace(UNSEEN, '').toLowerCase();
  const spelled = [...letters].map((letter) => SPELLED_OUT[letter] ?? letter).join('');
  const plain = spelled.normalize('NFKD').replace(/\p{M}/gu, '').replace(THOUSANDS, '');
  const words = plain.replace(INITIALS, (match) => match.replaceAll('.', '')).match(/[a-z0-9]+/g) ?? [];
  return shortened(words.join('-'), Math.min(longest, 100));
};
