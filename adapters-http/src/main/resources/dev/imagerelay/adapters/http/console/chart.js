/* Stacked bars over time, drawn to the width there is. Who cannot see them has the table below. */

import { credits, drawn, h } from './console.js';

const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;
const LABEL = 56;

/**
 * @param bars   `{label, title, href, parts}`, one for each period; `parts` are as many numbers as there are series, and
 *               `href` is where the bar leads, if anywhere
 * @param series `{name, tone}`, from the bottom up; the tones are colours of the style sheet
 */
export function chart(bars, series) {
  const canvas = drawn('svg', { class: 'chart', 'aria-hidden': 'true', height: HEIGHT });
  const figure = h('figure', { class: 'figure' },
    h('figcaption', { class: 'row small' }, series.map(({ name, tone }) =>
      h('span', { class: 'key' }, h('i', { class: 'swatch ' + tone }), name))),
    canvas);
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width > LEFT) { // less once another page is shown
      draw(canvas, width, bars, series);
    }
  }).observe(figure);
  return figure;
}

function draw(canvas, width, bars, series) {
  const top = ceiling(Math.max(...bars.map(bar => sum(bar.parts)), 0));
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const step = (width - LEFT) / bars.length;
  const gap = Math.min(6, step * 0.25);
  const every = Math.ceil(LABEL / step);
  canvas.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  canvas.replaceChildren(
    ...[0, top / 2, top].flatMap(value => [
      drawn('line', { x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
      drawn('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, credits(value))]),
    ...bars.map((bar, i) => {
      const x = LEFT + i * step + gap / 2;
      let below = 0;
      const rects = bar.parts.map((part, s) => {
        below += part;
        return part > 0 && drawn('rect', {
          x, y: y(below), width: step - gap, height: Math.max(1, y(below - part) - y(below)), class: series[s].tone,
        });
      });
      return drawn(bar.href ? 'a' : 'g', { href: bar.href, tabindex: -1 },
        drawn('title', {}, bar.title),
        drawn('rect', { class: 'ground', x: x - gap / 2, y: TOP, width: step, height: HEIGHT - TOP - BOTTOM }),
        rects,
        (bars.length - 1 - i) % every === 0 && label(bar, x + (step - gap) / 2, width));
    }));
}

/** Below the middle of its bar, as far as that is on the canvas. */
function label(bar, middle, width) {
  const half = 3 * bar.label.length; // of its width, about
  const [x, anchor] = middle + half > width ? [width, 'end'] : [middle, 'middle'];
  return drawn('text', { x, y: HEIGHT - 6, 'text-anchor': anchor }, bar.label);
}

const sum = parts => parts.reduce((all, part) => all + part, 0);

/** The next number that is easily halved. */
function ceiling(value) {
  if (value <= 2) {
    return 2;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map(n => n * power).find(n => n >= value);
}
