// The preview's widths, what was typed on its way into the frame, and the button that copies a link.
const frame = document.querySelector('.preview iframe');
const widths = document.querySelector('.preview-widths');

const showAt = (width) => {
  frame.dataset.width = width;
  for (const button of widths.children) button.setAttribute('aria-pressed', button.dataset.width === width);
  hideScrollbar();
};

// A phone's scrollbar takes no room: here it would make the page narrower than the width that was asked for.
const hideScrollbar = () => {
  const page = frame.contentDocument?.documentElement;
  if (page) page.style.scrollbarWidth = frame.dataset.width ? 'none' : '';
};

// No other page lets itself be framed: links and searches open beside the preview.
const openBeside = () => {
  for (const link of frame.contentDocument?.links ?? [])
    if (!link.getAttribute('href').startsWith('#')) link.target = '_blank';
  for (const form of frame.contentDocument?.forms ?? []) form.target = '_blank';
};

if (frame) {
  widths.hidden = false;
  widths.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button) showAt(button.dataset.width);
  });
  frame.addEventListener('load', () => {
    hideScrollbar();
    openBeside();
  });
  const typed = document.querySelector('.preview-typed');
  if (typed) {
    typed.hidden = true;
    typed.requestSubmit();
  }
  if (frame.contentDocument?.readyState === 'complete') openBeside();
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const address = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', async () => {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      button.parentElement.querySelector('[role=status]').textContent = 'Copiato.';
    } catch {
      button.parentElement.querySelector('[role=status]').textContent = 'Premi Ctrl+C per copiarlo.';
    }
  });
}
