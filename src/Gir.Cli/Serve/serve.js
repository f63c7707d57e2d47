(() => {
  'use strict';
  const id = name => document.getElementById(name);
  const status = id('status');
  const metrics = [...id('scores').tHead.rows[0].cells].slice(1).map(cell => cell.textContent);
  let operators = [];
  let steps = [];
  let file = null;
  let running = null;
  let timer = 0;
  // Whether the text of the pipeline is newer than the steps.
  let typed = false;

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const operatorOf = step => operators.find(o => o.name === step.name);

  // Only what differs from the default is written, as in the documentation.
  const textOf = step => {
    const changed = operatorOf(step).parameters.filter(p => step.values[p.name] !== p.default).map(p => `${p.name}=${step.values[p.name]}`);
    return step.name + (changed.length ? `(${changed.join(', ')})` : '');
  };

  const later = () => {
    clearTimeout(timer);
    running?.abort();
    status.className = '';
    status.textContent = 'Working ...';
    timer = setTimeout(run, 200);
  };

  const changed = () => {
    typed = false;
    id('task').value = '';
    id('pipeline').value = steps.map(textOf).join(' + ');
    later();
  };

  const field = (step, parameter, number) => {
    const name = `p${number}-${parameter.name}`;
    const label = make('label', { htmlFor: name, textContent: parameter.name, title: `${parameter.summary} Expected: ${parameter.expected}.` });
    const set = value => { if (value !== '') { step.values[parameter.name] = value; changed(); } };
    if (parameter.choices) {
      const choice = make('select', { id: name, title: parameter.summary }, ...parameter.choices.map(c => make('option', { value: c, textContent: c })));
      choice.value = step.values[parameter.name];
      choice.addEventListener('input', () => set(choice.value));
      return [label, choice];
    }

    const whole = parameter.kind === 'integer';
    const box = make('input', { id: name, type: 'number', step: whole ? '1' : 'any', value: step.values[parameter.name], title: parameter.expected });
    const range = make('input', { type: 'range', min: parameter.minimum, max: parameter.maximum, step: whole ? (parameter.odd ? '2' : '1') : 'any', value: step.values[parameter.name] });
    range.setAttribute('aria-label', `${parameter.name} of ${step.name}, ${parameter.expected}`);
    box.addEventListener('input', () => { range.value = box.value; set(box.value); });
    range.addEventListener('input', () => { box.value = whole ? range.value : String(Number(Number(range.value).toPrecision(3))); set(box.value); });
    return [label, make('div', { className: 'pair' }, range, box)];
  };

  const move = (from, to) => { steps.splice(to, 0, ...steps.splice(from, 1)); draw(); changed(); };

  const draw = () => id('steps').replaceChildren(...steps.map((step, index) => {
    const operator = operatorOf(step);
    const button = (text, label, action, disabled = false) => {
      const b = make('button', { type: 'button', textContent: text, disabled });
      b.setAttribute('aria-label', `${label} ${step.name}, step ${index + 1}`);
      b.addEventListener('click', action);
      return b;
    };
    const title = make('div', { className: 'title' }, make('b', { textContent: step.name, title: operator.summary }),
      button('\u2191', 'Move up', () => move(index, index - 1), index === 0),
      button('\u2193', 'Move down', () => move(index, index + 1), index === steps.length - 1),
      button('\u00d7', 'Remove', () => { steps.splice(index, 1); draw(); changed(); }));
    const details = make('details', {}, make('summary', { textContent: 'Parameters' }), ...operator.parameters.flatMap(p => field(step, p, index)));
    details.open = step.open ?? false;
    details.addEventListener('toggle', () => { step.open = details.open; });
    return make('li', {}, title, details);
  }));

  const add = name => {
    const operator = operators.find(o => o.name === name);
    const step = { name, values: Object.fromEntries(operator.parameters.map(p => [p.name, p.default])) };
    if (operator.onlyFirst) steps.unshift(step); else steps.push(step);
    draw();
    changed();
  };

  const show = result => {
    id('clean').src = result.clean;
    id('degraded').src = result.degraded;
    id('restored').src = result.restored ?? result.degraded;
    id('scores').tBodies[0].replaceChildren(...result.scores.map(score => make('tr', {}, make('th', { scope: 'row', textContent: score.name }),
      ...metrics.map(metric => make('td', { textContent: score[metric] })))));
    id('commands').textContent = result.commands;
    if (typed) {
      steps = result.steps;
      draw();
      typed = false;
    }

    status.textContent = `Done: ${result.remark}.`;
  };

  const run = async () => {
    const mine = running = new AbortController();
    const query = new URLSearchParams({ pipeline: id('pipeline').value, seed: id('seed').value || '0', model: id('model').value, name: file ? file.name : '' });
    try {
      const answer = await fetch('/work?' + query, {
        method: 'POST', body: file ?? new Blob([]), signal: mine.signal,
        headers: { 'X-Gir': '1', 'Content-Type': 'application/octet-stream' },
      });
      if (!answer.ok) throw new Error(await answer.text());
      show(await answer.json());
    } catch (error) {
      if (mine.signal.aborted) return;
      status.className = 'error';
      status.textContent = error instanceof TypeError ? 'The server does not answer.' : error.message;
    }
  };

  id('add').addEventListener('click', () => add(id('operator').value));
  id('pipeline').addEventListener('input', () => { typed = true; id('task').value = ''; later(); });
  id('task').addEventListener('change', () => {
    if (!id('task').value) return;
    id('pipeline').value = id('task').value;
    typed = true;
    later();
  });
  id('seed').addEventListener('input', later);
  id('model').addEventListener('change', () => {
    id('left').value = '0';
    id('right').value = id('model').value ? '1' : '2';
    id('right').dispatchEvent(new Event('change'));
    later();
  });
  id('file').addEventListener('change', () => { file = id('file').files[0] ?? null; later(); });
  id('sample').addEventListener('click', () => { file = null; id('file').value = ''; later(); });
  id('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(id('commands').textContent);
      status.textContent = 'Copied.';
    } catch {
      // Browsers lend the clipboard to local pages, and only where the user lets them.
      getSelection().selectAllChildren(id('commands'));
      status.textContent = 'Selected: copy it with the keyboard.';
    }
  });

  fetch('/operators.json').then(answer => answer.json()).then(all => {
    operators = all;
    id('operator').replaceChildren(...all.map(o => make('option', { value: o.name, textContent: o.name, title: o.summary })));
    add('blur');
    add('noise');
  });
})();
