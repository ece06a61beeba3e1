/* Stacked bars over time, drawn to the width there is. Who cannot see them has the table below. */

import { credits as amount } from '/console/console.js';
import { h } from './parts.js';

const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;
const LABEL = 34;

/**
 * @param bars   `{label, title, href, parts}`, one for each period; `parts` are as many numbers as there are series
 * @param series `{name, tone}`, from the bottom up
 */
export function chart(bars, series) {
  const canvas = svg('svg', { class: 'chart', 'aria-hidden': 'true', height: HEIGHT });
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

function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children.flat().filter(child => child !== false));
  return node;
}

function draw(canvas, width, bars, series) {
  const top = ceiling(Math.max(...bars.map(bar => sum(bar.parts)), 0));
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const step = (width - LEFT) / bars.length;
  const gap = Math.min(6, step * 0.25);
  const every = Math.ceil(58 / step);
  canvas.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  canvas.replaceChildren(
    ...[0, top / 2, top].flatMap(value => [
      svg('line', { x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
      svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, amount(value))]),
    ...bars.map((bar, i) => {
      const x = LEFT + i * step + gap / 2;
      let below = 0;
      const rects = bar.parts.map((part, s) => {
        below += part;
        return part > 0 && svg('rect', {
          x, y: y(below), width: step - gap, height: Math.max(1, y(below - part) - y(below)), class: series[s].tone,
        });
      });
      return svg('a', { href: bar.href, tabindex: -1 },
        svg('title', {}, bar.title),
        svg('rect', { class: 'ground', x: x - gap / 2, y: TOP, width: step, height: HEIGHT - TOP - BOTTOM }),
        rects,
        i % every === 0 && x + LABEL < width && svg('text', { x, y: HEIGHT - 6 }, bar.label));
    }));
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

/** The beginnings of all hours, days or months from a time to a later one. */
export function periods(grain, from, to) {
  const at = new Date(from);
  at.setUTCMinutes(0, 0, 0);
  if (grain !== 'hour') {
    at.setUTCHours(0);
  }
  if (grain === 'month') {
    at.setUTCDate(1);
  }
  const all = [];
  while (at < new Date(to)) {
    all.push(new Date(at));
    advance(grain, at);
  }
  return all;
}

function advance(grain, at) {
  if (grain === 'hour') {
    at.setUTCHours(at.getUTCHours() + 1);
  } else if (grain === 'day') {
    at.setUTCDate(at.getUTCDate() + 1);
  } else {
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
}

/** A period in few letters. */
export function periodLabel(grain, at) {
  const iso = at.toISOString();
  return { hour: iso.slice(11, 16), day: iso.slice(5, 10), month: iso.slice(0, 7) }[grain];
}

/** From when to when a period is, within the time that is looked at. */
export function bounds(grain, at, from, to) {
  const end = new Date(at);
  advance(grain, end);
  return {
    from: at < new Date(from) ? from : at.toISOString(),
    to: end > new Date(to) ? to : end.toISOString(),
  };
}
