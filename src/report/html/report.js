// What the report does in a browser: shows one page at a time, sorts tables, switches colours. Without it all is readable.
'use strict';

const root = document.documentElement;
const pages = [...document.querySelectorAll('.page')];
const narrow = window.matchMedia('(max-width: 60rem)');
const mainTitle = document.title;

/** Shows the page that the address names, or the one that holds the element it names. */
function showAddressed(moveFocus) {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id === '' || id === 'content' ? null : document.getElementById(id);
  const page =
    (target && target.closest('.page')) ||
    (id === 'content' && pages.find((one) => one.classList.contains('current'))) ||
    pages[0];
  for (const one of pages) one.classList.toggle('current', one === page);
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${page.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const title = page.querySelector('h1');
  document.title = page === pages[0] ? mainTitle : `${title.textContent} · ${mainTitle}`;
  prepare(page);
  if (narrow.matches) document.querySelector('.pages').open = false;
  if (!moveFocus) return;
  if (target && target !== page) target.scrollIntoView();
  else if (id !== 'content') window.scrollTo(0, 0);
  if (id === 'content') document.getElementById('content').focus();
  else if (!target || target === page) title.focus({ preventScroll: true });
}

/** Makes the tables of a page sortable, once, and lets the keyboard reach what scrolls. */
function prepare(page) {
  if (!page.dataset.ready) {
    page.dataset.ready = 'yes';
    for (const table of page.querySelectorAll('table')) makeSortable(table);
  }
  letKeyboardScroll(page);
}

function letKeyboardScroll(page) {
  for (const box of page.querySelectorAll('.scroll, .drawing')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}

function makeSortable(table) {
  const body = table.tBodies[0];
  if (body.rows.length < 2) return;
  for (const [index, heading] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener('click', () => sortBy(table, index));
  }
}

/** Numbers start with the largest, texts with the first; what has no value stays at the end. */
function sortBy(table, index) {
  const headings = [...table.tHead.rows[0].cells];
  const heading = headings[index];
  const numeric = heading.classList.contains('n');
  const before = heading.getAttribute('aria-sort');
  const first = numeric ? 'descending' : 'ascending';
  const order = before === null ? first : before === 'ascending' ? 'descending' : 'ascending';
  for (const one of headings) one.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  const keyed = [...table.tBodies[0].rows].map((row, place) => ({ row, place, key: keyOf(row.cells[index], numeric) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
    const difference = numeric ? a.key - b.key : a.key.localeCompare(b.key, 'en', { numeric: true });
    return sign * difference || a.place - b.place;
  });
  table.tBodies[0].append(...keyed.map((one) => one.row));
}

function keyOf(cell, numeric) {
  if (numeric) return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
  return cell.textContent === '–' ? null : cell.textContent;
}

function chooseTheme(theme) {
  if (theme === 'auto') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', theme);
  for (const button of document.querySelectorAll('.theme button')) {
    button.setAttribute('aria-pressed', String(button.dataset.theme === theme));
  }
}

root.classList.add('js');
document.querySelector('.theme').hidden = false;
for (const button of document.querySelectorAll('.theme button')) {
  button.addEventListener('click', () => chooseTheme(button.dataset.theme));
}
window.addEventListener('hashchange', () => showAddressed(true));
window.addEventListener('resize', () =>
  pages.filter((one) => one.classList.contains('current')).forEach(letKeyboardScroll),
);
narrow.addEventListener('change', () => {
  document.querySelector('.pages').open = !narrow.matches;
});
document.querySelector('.pages').open = !narrow.matches;
showAddressed(location.hash.length > 1);
