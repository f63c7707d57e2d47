(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');

  // Dark and light: the system's choice until the reader chooses.
  const button = document.getElementById('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  const label = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', isDark() ? 'Use light colors' : 'Use dark colors');
  };
  button.hidden = false;
  button.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; label(); });
  system.addEventListener('change', label);
  label();

  // Tables: a click on a column's name sorts, another one turns the order around; cells without a value stay last.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    if (text === '' || text === '\u2013') return null;
    const number = Number(text.replace('\u2212', '-'));
    return Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const name = head.querySelector('.head');
      const sort = document.createElement('button');
      sort.type = 'button';
      sort.textContent = name.textContent;
      name.replaceWith(sort);
      sort.addEventListener('click', () => {
        const rows = [...table.tBodies[0].rows];
        const numeric = rows.some(row => typeof valueOf(row, column) === 'number');
        const current = head.getAttribute('aria-sort');
        const descending = current ? current === 'ascending' : numeric && column > 0;
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        const keyed = rows.map((row, index) => ({ row, index, value: valueOf(row, column) }));
        keyed.sort((a, b) =>
          a.value === null || b.value === null
            ? (a.value === null) - (b.value === null) || a.index - b.index
            : (descending ? -1 : 1) * compare(a.value, b.value) || a.index - b.index);
        table.tBodies[0].append(...keyed.map(k => k.row));
      });
    });
  }

  // Pictures: the left one lies over the right one and is cut at the line.
  for (const figure of document.querySelectorAll('figure.compare')) {
    const stage = figure.querySelector('.stage');
    const range = figure.querySelector('input[type=range]');
    const [left, right] = figure.querySelectorAll('select');
    const pictures = [...stage.querySelectorAll('img')];
    const move = value => { range.value = value; stage.style.setProperty('--at', range.value + '%'); };
    const choose = () => pictures.forEach((picture, index) => {
      const isLeft = index === Number(left.value);
      const isRight = index === Number(right.value);
      picture.hidden = !isLeft && !isRight;
      picture.classList.toggle('left', isLeft && !isRight);
    });
    const drag = event => {
      const box = stage.getBoundingClientRect();
      move(100 * (event.clientX - box.left) / box.width);
    };
    range.addEventListener('input', () => move(range.value));
    left.addEventListener('change', choose);
    right.addEventListener('change', choose);
    stage.addEventListener('pointerdown', event => { stage.setPointerCapture(event.pointerId); drag(event); });
    stage.addEventListener('pointermove', event => { if (stage.hasPointerCapture(event.pointerId)) drag(event); });
    choose();
    move(50);
  }
})();
