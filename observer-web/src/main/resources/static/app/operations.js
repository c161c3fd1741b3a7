import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { getJson } from './api.js';
import { ago, clock, span, stamp } from './time.js';
import { texts } from './texts.js';
import { visible } from './words.js';

/** Observed operations: by source, the newest of scenarios, and where failures pile up. */

const EVERY_MS = 5000;

export function Operations({ jobs, connection }) {
  const [seen, setSeen] = useState(null);
  useEffect(() => {
    const look = async () => {
      if (document.hidden || (!connection.isLive && seen)) return;
      try {
        const [stats, clusters] = await Promise.all([getJson('/v1/observer/stats'), getJson('/v1/observer/clusters')]);
        setSeen({ stats, clusters: clusters.filter((c) => c.state === 'open') });
      } catch {
        // The head says that the server is away; what was last heard stays.
      }
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (!seen) return null;
  const { stats, clusters } = seen;
  return html`
    <section class="panel operations">
      <h2>${texts.operations}</h2>
      ${stats.total ? html`<${BySource} stats=${stats} sources=${jobs.sources} />` : html`<p class="quiet">${texts.noOperations}</p>`}
    </section>
    ${stats.total > 0 && html`
      <section class="panel clusters">
        <h2>${texts.clusters}</h2>
        ${clusters.length ? html`<ul>${clusters.map((c) => html`<${Cluster} c=${c} key=${c.endpoint + c.source + c.event_kind} />`)}</ul>`
          : html`<p class="quiet">${texts.noClusters}</p>`}
      </section>`}
    ${stats.recent_scenario_ops.length > 0 && html`
      <section class="panel scenario">
        <h2>${texts.scenario}</h2>
        <ol>${[...stats.recent_scenario_ops].reverse().map((op, i) => html`
          <li key=${i}><time title=${stampOf(op.ts)}>${timeOf(op.ts)}</time>
            <span class=${op.ok ? 'ok' : 'bad'}>${op.ok ? texts.ok : texts.failed}</span>
            <span class="what">${visible([op.kind, op.staffer, op.role].filter(Boolean).join(' · '))}</span></li>`)}
        </ol>
      </section>`}`;
}

function BySource({ stats, sources }) {
  const all = { name: texts.total, total: stats.lifetime_total, successes: stats.lifetime_successes, failures: stats.lifetime_failures };
  const rows = [...sources.values()].sort((a, b) => b.total - a.total);
  return html`
    <table>
      <thead><tr><th scope="col">${texts.source}</th><th scope="col" class="num">${texts.ok}</th>
        <th scope="col" class="num">${texts.failed}</th><th scope="col" class="share">${texts.share}</th></tr></thead>
      <tbody>${[all, ...rows].map((s) => html`
        <tr key=${s.name}><th scope="row">${visible(s.name)}</th><td class="num">${s.successes.toLocaleString('en')}</td>
          <td class=${`num ${s.failures ? 'bad' : 'none'}`}>${s.failures.toLocaleString('en')}</td>
          <td class="share"><meter min="0" max=${Math.max(1, s.total)} value=${s.failures}
            aria-label=${`${s.name}: ${percent(s)}`}></meter><span>${percent(s)}</span></td></tr>`)}
      </tbody>
    </table>`;
}

function Cluster({ c }) {
  return html`
    <li><strong>${visible(c.endpoint)}</strong> <span class="quiet">${visible([c.source, c.event_kind].filter(Boolean).join(' · '))}</span>
      <div class="bad" title=${stampOf(c.last)}>${texts.clusterOf(c.count, span(seconds(c.last) - seconds(c.first)), ago(Date.now() / 1000 - seconds(c.last)))}</div>
      ${c.sample_errors?.[0] && html`<div class="sample">${visible(String(c.sample_errors[0]))}</div>`}</li>`;
}

const percent = (s) => `${((100 * s.failures) / Math.max(1, s.total)).toFixed(1)} %`;
const seconds = (ts) => (typeof ts === 'number' ? ts : Date.parse(ts) / 1000);
const timeOf = (ts) => clock(seconds(ts), false);
const stampOf = (ts) => stamp(seconds(ts));
