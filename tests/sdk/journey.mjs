// The official client, unchanged, against the practice cloud: what it accepts, any client may rely on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const binary = resolve(process.env.PRACTICE_BIN ?? join(here, '../../target/debug/practice-cloud'));
const key = `crsr_${createHash('sha256').update('sdk journey').digest('hex')}`;

/** Starts the built practice cloud on a free port; its first line is its address. */
async function startPractice() {
  const child = spawn(binary, ['--port', '0', '--key', key, '--speed', '20'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((accept, refuse) => {
    child.once('error', refuse);
    child.once('exit', (code) => refuse(new Error(`practice-cloud ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', accept);
  });
  return { child, address };
}

const { child, address } = await startPractice();
const home = mkdtempSync(join(tmpdir(), 'practice-sdk-'));
process.env.CURSOR_BACKEND_URL = address;
process.env.CURSOR_API_KEY = key;
process.env.HOME = home;
const { Agent, Cursor } = await import('@cursor/sdk');

const practice = async (path) => {
  const answer = await fetch(`${address}/_practice/${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(answer.status, 200);
  return answer.json();
};

/** How long a step may take; the longest takes a few seconds. */
const DEADLINE = 60_000;

let passed = 0;
let failed = 0;
async function step(name, act) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`not done within ${DEADLINE / 1000} s`)), DEADLINE);
  });
  try {
    await Promise.race([act(), late]);
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  } finally {
    clearTimeout(timer);
  }
}

const repos = [{ url: 'https://github.com/acme/web', startingRef: 'main' }];
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
let agent;
let firstRun;

await step('the account, its models and its repositories are read', async () => {
  const me = await Cursor.me();
  assert.equal(me.userEmail, 'robin@practice.example');
  const models = await Cursor.models.list();
  assert.ok(models.some((model) => model.id === 'composer-2.5'));
  const repositories = await Cursor.repositories.list();
  assert.ok(repositories.some((repository) => repository.url === repos[0].url));
});

await step('an agent is launched with a picture and streamed to its end', async () => {
  agent = await Agent.create({ cloud: { repos, autoCreatePR: true } });
  firstRun = await agent.send({
    text: 'Tidy the login form as in the screenshot',
    images: [{ data: pixel, mimeType: 'image/png', dimension: { width: 1, height: 1 } }],
  });
  const seen = new Map();
  let text = '';
  for await (const message of firstRun.stream()) {
    seen.set(message.type, (seen.get(message.type) ?? 0) + 1);
    if (message.type === 'assistant') {
      text += message.message.content.map((block) => block.text ?? '').join('');
    }
  }
  assert.ok(seen.get('thinking') > 0, 'it thinks');
  assert.ok(seen.get('tool_call') >= 16, `it works: ${[...seen]}`);
  const result = await firstRun.wait();
  assert.equal(result.status, 'finished');
  assert.ok(text.endsWith(result.result), 'the last words of the stream are the result');
  assert.match(result.git.branches[0].prUrl, /^https:\/\/github\.com\/acme\/web\/pull\/\d+$/);
});

await step('a follow-up goes through although its stream warms up', async () => {
  const run = await agent.send('Make the button larger', { mode: 'agent' });
  const result = await run.wait();
  assert.equal(result.status, 'finished');
  assert.match(result.result, /Make the button larger/);
});

await step('deltas of a send arrive as interaction updates', async () => {
  const kinds = new Set();
  const run = await agent.send('And a softer shadow', {
    onDelta: ({ update }) => {
      kinds.add(update.type);
    },
  });
  await run.wait();
  for (const kind of ['text-delta', 'thinking-delta', 'tool-call-started', 'tool-call-completed']) {
    assert.ok(kinds.has(kind), `${kind} is among ${[...kinds]}`);
  }
});

await step('a run is cancelled', async () => {
  const run = await agent.send('[unending] Keep going');
  await run.cancel();
  const result = await run.wait();
  assert.equal(result.status, 'cancelled');
  // The client says so at once; the cloud winds down a moment later and is busy until then.
  const settled = async () =>
    (await Agent.getRun(run.id, { runtime: 'cloud', agentId: agent.agentId })).status;
  while ((await settled()) !== 'cancelled') await new Promise(setImmediate);
});

await step('a run that fails is an error', async () => {
  const run = await agent.send('[fail] Try this');
  const result = await run.wait();
  assert.equal(result.status, 'error');
});

await step('agents and runs are listed', async () => {
  const agents = await Agent.list({ runtime: 'cloud' });
  assert.deepEqual(
    agents.items.map((item) => item.agentId),
    [agent.agentId],
  );
  const runs = await Agent.listRuns(agent.agentId, { runtime: 'cloud' });
  assert.equal(runs.items.length, 5);
  assert.equal(runs.items.at(-1).id, firstRun.id, 'the newest comes first');
});

await step('artifacts are listed and downloaded from the other origin', async () => {
  const artifacts = await agent.listArtifacts();
  const after = artifacts.find((artifact) => artifact.path === 'artifacts/after.png');
  const bytes = await agent.downloadArtifact(after.path);
  assert.equal(bytes.length, after.sizeBytes);
  assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
});

await step('usage tells tokens and cost', async () => {
  const usage = await agent.getUsage();
  assert.equal(usage.runs.length, 5);
  assert.ok(JSON.stringify(usage).includes('argedCents') || usage.cost !== undefined);
});

await step('an agent is archived, brought back and deleted', async () => {
  await Agent.archive(agent.agentId);
  assert.equal((await Agent.get(agent.agentId)).archived, true);
  await Agent.unarchive(agent.agentId);
  assert.equal((await Agent.get(agent.agentId)).archived, false);
  await Agent.delete(agent.agentId);
  await assert.rejects(Agent.get(agent.agentId));
});

await step('a wrong key is refused as the real service does', async () => {
  await assert.rejects(Cursor.me({ apiKey: 'crsr_wrong' }), /Invalid User API Key/);
});

await step('no request broke a rule of the API', async () => {
  assert.deepEqual((await practice('violations')).violations, []);
  const { requests } = await practice('requests');
  assert.ok(!JSON.stringify(requests).includes(key), 'the log never holds the key');
});

agent?.close();
child.removeAllListeners('exit');
child.kill('SIGTERM');
await new Promise((accept) => child.once('exit', accept));
rmSync(home, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
