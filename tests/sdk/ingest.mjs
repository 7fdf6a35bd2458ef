// The official client's own loop over a run of 100,000 pieces: how long it takes, and how long it is on a processor.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = mkdtempSync(join(tmpdir(), 'practice-sdk-'));
process.env.HOME = home;
const { Agent } = await import('@cursor/sdk');

const agent = await Agent.create({ cloud: { repos: [{ url: 'https://github.com/acme/web', startingRef: 'main' }] } });
const before = process.cpuUsage();
const begun = performance.now();
const run = await agent.send('[huge] Write all of it');
let pieces = 0;
for await (const message of run.stream()) if (message.type === 'assistant') pieces += 1;
const took = performance.now() - begun;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ pieces, took, busy: (user + system) / 1000 }));
rmSync(home, { recursive: true, force: true });
process.exit(0);
