import { html, useEffect, useRef } from '../vendor/htm-preact.js';
import uPlot from '../vendor/uplot.js';
import { texts } from './texts.js';

/** Events a second of the whole server, the last ten minutes. */
export function Throughput({ jobs, connection }) {
  const host = useRef();
  const chart = useRef();
  const data = jobs.throughput(connection.now);
  const counts = data[1];
  const last = counts.slice(-5);
  const now = Math.round(last.reduce((a, b) => a + b, 0) / last.length);
  const peak = counts.reduce((a, b) => Math.max(a, b), 0);

  useEffect(() => {
    const make = () => {
      chart.current?.destroy();
      chart.current = new uPlot(options(host.current), jobs.throughput(connection.now), host.current);
    };
    make();
    const width = new ResizeObserver(() => chart.current.setSize({ width: host.current.clientWidth, height: HEIGHT }));
    width.observe(host.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    addEventListener('themechange', make);
    return () => {
      width.disconnect();
      scheme.removeEventListener('change', make);
      removeEventListener('themechange', make);
    };
  }, []);
  useEffect(() => chart.current?.setData(data));

  return html`
    <section class="panel throughput">
      <h2>${texts.throughput}</h2>
      <p class="figure"><strong>${now.toLocaleString('en')}</strong> ${texts.perSecond}
        <span class="quiet">${texts.peak(peak.toLocaleString('en'))}</span></p>
      <div class="chart" ref=${host} role="img" aria-label=${texts.throughputLabel(now, peak)}></div>
    </section>`;
}

const HEIGHT = 132;

function options(host) {
  const style = getComputedStyle(host);
  const colour = (name) => {
    const probe = document.createElement('i');
    probe.className = name;
    host.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const quiet = colour('ink-quiet');
  const axis = { stroke: quiet, font: `11px ${style.fontFamily}`, grid: { stroke: colour('ink-line'), width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(120, host.clientWidth),
    height: HEIGHT,
    padding: [6, 16, 0, 0],
    cursor: { y: false, drag: { setScale: false } },
    legend: { show: false },
    scales: { y: { range: (_, __, most) => [0, Math.max(5, most * 1.1)] } },
    axes: [
      { ...axis, size: 22, values: (_, times) => times.map((t) => new Date(t * 1000).toTimeString().slice(0, 5)), space: 70 },
      { ...axis, size: 38, gap: 4, space: 32 },
    ],
    series: [{}, { stroke: colour('ink-accent'), fill: colour('ink-accent-faint'), width: 1.25, points: { show: false } }],
  };
}
