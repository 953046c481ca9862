// Builds static/dist: one style sheet, one small script, one file of drawings, and fonts. Run by `npm run build`.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { Features, transform } from 'lightningcss';
import { PurgeCSS } from 'purgecss';
import { compile, SassString } from 'sass';
import subsetFont from 'subset-font';

const OUT = 'static/dist';
const ITALIA = 'node_modules/bootstrap-italia';
const BROWSERS = { chrome: 100, firefox: 102, safari: 15 };
const templates = readdirSync('templates', { recursive: true })
  .filter((name) => name.endsWith('.html'))
  .map((name) => `templates/${name}`);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(`${OUT}/fonts`, { recursive: true });

// What Italian needs, with the marks of good typography and the accents of neighbours' names.
const LETTERS =
  Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code)).join('') +
  'ÀÁÈÉÌÍÒÓÙÚàáâäçèéêëìíîïñòóôöùúûüÇÑÖÜ’‘“”«»–—…·•€°ºª²³©×½\u00a0\u202f→←';
const SYMBOLS = Array.from({ length: 0x5f }, (_, code) => String.fromCharCode(0xa1 + code)).join('') + '‚„†‡‰‹›⁄™−';
// Those that few pages show, with how each stands beside each other, weigh a third of a font: they come when one is shown.
const RARE = '#$*<=>[\\]^_`{|}~ÁÍÓÚáâäçêëíîïñóôöúûüÇÑÖÜ²³©½';
const range = [...RARE].map((letter) => `U+${letter.codePointAt(0).toString(16)}`).join(',');
const functions = { 'rare-letters()': () => new SassString(range, { quotes: false }) };

const { css } = compile('static/src/portal.scss', {
  loadPaths: [`${ITALIA}/src/scss`],
  functions,
  quietDeps: true,
  silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
});
const [{ css: used }] = await new PurgeCSS().purge({
  content: [...templates, 'static/src/portal.js', 'static/src/place.js', 'areaomogenea/publishing/models.py'],
  css: [{ raw: css }],
  // What editors write in a body is in no template: its tags stay styled.
  safelist: {
    standard: [
      'table',
      'figure',
      'figcaption',
      'blockquote',
      'abbr',
      'ol',
      'ul',
      'h4',
      'sub',
      'sup',
      /^focus-[xy]\d+$/,
      /^is-/,
      /^kind-/,
      /^money-/,
      /^stage-/,
      /^standing-/,
      /^tint-/,
    ],
    deep: [/^reading$/],
  },
  variables: true,
});
const minified = (filename, css) =>
  transform({
    filename,
    code: Buffer.from(css),
    minify: true,
    include: Features.Nesting,
    targets: Object.fromEntries(Object.entries(BROWSERS).map(([name, version]) => [name, version << 16])),
  }).code;
const code = minified('portal.css', used);
writeFileSync(`${OUT}/portal.css`, code);

const version = JSON.parse(readFileSync(`${ITALIA}/package.json`)).version;
// What a page loads as a module keeps its names to itself, and the others are wrapped to do the same.
const script = (name, { format = 'iife', define } = {}) => {
  const target = Object.entries(BROWSERS).map((browser) => browser.join(''));
  const entryPoints = [`static/src/${name}`];
  buildSync({ entryPoints, outdir: OUT, bundle: true, minify: true, charset: 'utf8', format, target, define });
};
script('portal.js', { format: 'esm', define: { BOOTSTRAP_ITALIA_VERSION: JSON.stringify(version) } });
for (const name of ['embed-frame.js', 'embed-builder.js']) script(name);

// One look for what is framed and for what the custom element draws: it carries the sheet within.
const look = (name) =>
  minified(name, compile(`static/src/${name}`, { functions, silenceDeprecations: ['import'] }).css);
writeFileSync(`${OUT}/embed.css`, look('embed-frame.scss'));
script('area-omogenea.js', { define: { STYLES: JSON.stringify(look('_embed.scss').toString()) } });

const FONTS = {
  'titillium-400': ['@fontsource/titillium-web/files/titillium-web-latin-400-normal.woff2'],
  'titillium-700': ['@fontsource/titillium-web/files/titillium-web-latin-700-normal.woff2'],
  lora: ['@fontsource-variable/lora/files/lora-latin-wght-normal.woff2', { wght: 430 }],
};
for (const [name, [source, variationAxes]] of Object.entries(FONTS)) {
  for (const [part, letters] of [
    [name, [...LETTERS].filter((letter) => !RARE.includes(letter)).join('')],
    [`${name}-rare`, RARE],
    ...(name === 'lora' ? [] : [[`${name}-whole`, LETTERS]]), // the desk shows whatever somebody types
  ]) {
    const font = await subsetFont(readFileSync(`node_modules/${source}`), letters, {
      targetFormat: 'woff2',
      variationAxes,
      keepFeatures: ['kern', 'liga', 'mark', 'ccmp', 'locl'],
    });
    writeFileSync(`${OUT}/fonts/${part}.woff2`, font);
    console.log(part, font.length);
  }
}
// Paper has its own, in the weights that browsers make up by themselves, and unpacked: nobody downloads them.
const PAPER = {
  'print-titillium-400': ['@fontsource/titillium-web/files/titillium-web', '400-normal'],
  'print-titillium-700': ['@fontsource/titillium-web/files/titillium-web', '700-normal'],
  'print-lora-400': ['@fontsource-variable/lora/files/lora', 'wght-normal', { wght: 400 }],
  'print-lora-700': ['@fontsource-variable/lora/files/lora', 'wght-normal', { wght: 700 }],
  'print-lora-400-italic': ['@fontsource-variable/lora/files/lora', 'wght-italic', { wght: 400 }],
};
const NEIGHBOURS = Array.from({ length: 0x24f - 0x100 }, (_, code) => String.fromCharCode(0x100 + code)).join('');
for (const [name, [file, cut, variationAxes]] of Object.entries(PAPER)) {
  for (const [subset, letters] of [
    ['latin', LETTERS + SYMBOLS],
    ['latin-ext', NEIGHBOURS],
  ]) {
    const source = readFileSync(`node_modules/${file}-${subset}-${cut}.woff2`);
    writeFileSync(
      `${OUT}/fonts/${name}-${subset}.ttf`,
      await subsetFont(source, letters, { targetFormat: 'sfnt', variationAxes }),
    );
  }
}

// Templates ask for one by its name, scripts by its address.
const ICONS = /(?<=icon\.html" with name="|#it-)[a-z-]+/g;
const wanted = new Set(
  [...templates, 'static/src/portal.js'].flatMap((name) => readFileSync(name, 'utf8').match(ICONS) ?? []),
);
const symbols = [...wanted].sort().map((name) => {
  const svg = readFileSync(`${ITALIA}/src/svg/it-${name}.svg`, 'utf8');
  const [, viewBox, drawing] = svg.match(/viewBox="([^"]+)"[^>]*>(.*)<\/svg>/s);
  return `<symbol id="it-${name}" viewBox="${viewBox}">${drawing.trim()}</symbol>`;
});
// One file for all that pages draw by its name: the mosaic, of which the emblem is made too, and the icons.
const mosaic = readFileSync('static/src/mosaic.svg', 'utf8');
writeFileSync(`${OUT}/drawings.svg`, mosaic.replace('</svg>', `${symbols.join('')}</svg>`));
for (const name of ['emblem.svg', 'favicon.svg', 'desk.css', 'access.css', 'handout.css'])
  writeFileSync(`${OUT}/${name}`, readFileSync(`static/src/${name}`));
cpSync('static/src/desk', `${OUT}/desk`, { recursive: true });

const element = readFileSync(`${OUT}/area-omogenea.js`);
console.log('area-omogenea.js', element.length, 'brotli', brotliCompressSync(element).length);
console.log('portal.css', code.length, 'brotli', brotliCompressSync(code).length, 'icons', symbols.length);
