// <area-omogenea comune="crema">: the news of the portal on any page. What is inside the element stays until they are
// here, and for good if they cannot be: no script, no network, an old browser, a CSP that forbids.
// The build puts in STYLES, and wraps it all: no name of it is seen by the page.
const NAME = 'area-omogenea';
const PORTAL = new URL((document.currentScript ?? document.querySelector(`script[src$="/${NAME}.js"]`)).src).origin;
const SELECTION = ['tipo', 'argomento', 'comune', 'iniziativa', 'q', 'quanti'];
const LOOK = ['aspetto', 'densita', 'immagini', 'colore'];
const DAY = new Intl.DateTimeFormat('it', { dateStyle: 'long', timeZone: 'Europe/Rome' });

const ask = async (path) => {
  const answer = await fetch(PORTAL + path, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  if (!answer.ok) throw new Error(`${answer.status} ${PORTAL}${path}`);
  return answer;
};
const sheet = (css) => {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
};
// Nodes and not HTML: no text of anybody is ever read as markup, and Trusted Types have nothing to ask.
const make = (tag, css, told = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), told);
  if (css) made.className = css;
  made.append(...inside);
  return made;
};
const link = (css, href, text) => make('a', css, { href, rel: 'noreferrer' }, text);

const row = (item, pictures, dense) => {
  const at = new Date(item.date_published);
  const own = item._area_omogenea;
  const picture = own.thumbnail ?? item.image;
  const text = make(
    'div',
    '',
    {},
    make(
      'p',
      'embed-kicker',
      {},
      make('span', 'embed-kind', {}, own.kind_label),
      make('time', '', { dateTime: item.date_published }, DAY.format(at).replace(/^1 /, '1º ')),
    ),
    make('h3', 'embed-title', {}, link('', item.url, item.title)),
  );
  if (item.summary && !dense) text.append(make('p', 'embed-summary', {}, item.summary));
  const made = make('li', 'embed-item', {}, text);
  if (pictures && picture) {
    made.prepend(make('img', '', { referrerPolicy: 'no-referrer', loading: 'lazy', alt: '', src: picture }));
  }
  return made;
};

class AreaOmogenea extends HTMLElement {
  static observedAttributes = [...SELECTION, ...LOOK];

  connectedCallback() {
    this.load();
  }

  attributeChangedCallback() {
    if (this.shadowRoot) this.load();
  }

  async load() {
    const asked = new URLSearchParams({ quanti: 5 });
    for (const name of SELECTION) if (this.getAttribute(name)) asked.set(name, this.getAttribute(name));
    const digits = /^#([0-9a-f]{6})$/i.exec(this.getAttribute('colore') ?? '')?.[1].toLowerCase();
    const turn = (this.turn = {});
    try {
      const [feed, colours] = await Promise.all([
        ask(`/feed/feed.json?${asked}`).then((answer) => answer.json()),
        digits ? ask(`/incorpora/colore/${digits}.css`).then((answer) => answer.text()) : '',
      ]);
      if (turn === this.turn) this.show(feed, colours);
    } catch (error) {
      console.warn(`<${NAME}>`, error.message);
    }
  }

  show(feed, colours) {
    const sheets = [sheet(STYLES), sheet(colours)];
    const dense = this.getAttribute('densita') === 'compatta';
    const ground = { chiaro: 'is-light', scuro: 'is-dark' }[this.getAttribute('aspetto')] ?? 'is-auto';
    const pictures = this.getAttribute('immagini') !== 'no';
    const [, title, portal] = /^(.*) · (.*)$/s.exec(feed.title);
    const list = make(
      'section',
      `embed ${ground}${dense ? ' is-dense' : ''}`,
      { lang: 'it', ariaLabel: feed.title },
      make('div', 'embed-head', {}, make('p', '', {}, portal), make('h2', '', {}, title)),
      feed.items.length
        ? make('ul', 'embed-list', {}, ...feed.items.map((item) => row(item, pictures, dense)))
        : make('p', 'embed-empty', {}, 'Non c’è ancora nulla: comparirà qui appena esce.'),
      make(
        'div',
        'embed-foot',
        {},
        link('embed-more', feed.home_page_url, 'Tutte le novità'),
        make(
          'span',
          '',
          {},
          'Fonte: ',
          link('', `${PORTAL}/`, portal),
          ', ',
          link('', `${PORTAL}/note-legali/`, 'CC BY 4.0'),
        ),
      ),
    );
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = sheets;
    root.replaceChildren(list);
  }
}

customElements.get(NAME) ?? customElements.define(NAME, AreaOmogenea);
