import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liveConfig } from '../../../agent/plan/liveConfig.ts';
import { makePlan } from '../../../agent/plan/plan.ts';
import { publish, testBox } from '../support/planBox.ts';

const { signal } = new AbortController();

/** Ways in which a secret gets into a value that nobody calls one. */
const forms: Record<string, (secret: string) => string> = {
  bare: (secret) => secret,
  within: (secret) => `before ${secret} behind`,
  base64: (secret) => Buffer.from(secret).toString('base64'),
  basic: (secret) => `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
  base64url: (secret) => Buffer.from(`x${secret}y`).toString('base64url'),
  url: (secret) => `https://host/?q=${encodeURIComponent(secret)}&x=1`,
  form: (secret) => `q=${new URLSearchParams({ q: secret })}`,
  userinfo: (secret) => `pg://app:${encodeURIComponent(secret)}@db/x`,
  json: (secret) => JSON.stringify({ auth: secret }),
  lines: (secret) => `first\n${secret}\nlast`,
};

/** What one would look for to find a secret. */
function traces(secret: string): string[] {
  const wanted = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  for (const before of ['', 'user:', 'x']) {
    // The part of it that hangs on nothing around it.
    const text = Buffer.from(before + secret).toString('base64');
    const from = Math.ceil((Buffer.byteLength(before) * 8) / 6);
    const until = Math.floor((Buffer.byteLength(before + secret) * 8) / 6);
    const inner = text.slice(from, until);
    wanted.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return wanted.filter((one) => one.length >= 6);
}

// Long, and of letters that stand in nothing else here.
const secret = fc
  .string({ unit: fc.constantFrom(...'QXZJqxzj789+/%&=ßü€ "\\'), minLength: 10, maxLength: 40 })
  .map((text) => `Qx${text.trim()}zJ`);
const multiline = fc.array(secret, { minLength: 2, maxLength: 3 }).map((lines) => lines.join('\n'));

/** All texts in some data, as they are. */
function textsIn(data: unknown): string[] {
  const found: string[] = [];
  JSON.parse(JSON.stringify(data), (_, value) => {
    if (typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

const layer = (of: string, title: string) => {
  const copies = Object.fromEntries(Object.entries(forms).map(([name, form]) => [name, form(of)]));
  const settings = { title, db: { password: of }, copies, list: [of, { nested: `a${of}b` }] };
  return `\n//- /deploy/configuration/shop-default.yaml\n${JSON.stringify({ shop: settings })}\n`;
};

describe('no secret is told', () => {
  it('by plans and by the live configuration, wherever it stands, and in whatever form', async () => {
    const runs = Number(process.env.STRATA_LEAKS ?? 15);
    const property = fc.asyncProperty(fc.oneof(secret, multiline), secret, async (old, next) => {
      const box = testBox();
      const central = '\n//- /common.yaml\ncommon: {x: 1}\n';
      await publish(box.repository, { app: 'configs', version: '1', files: central });
      await publish(box.repository, { app: 'shop', version: '2', files: layer(next, 'New') });
      await box.deploy('shop', '1', layer(old, 'Old'));
      const plan = await makePlan(box, { app: 'shop' }, signal);
      const live = await liveConfig(box, 'shop');
      expect(plan.obstacles).toEqual([]);
      // Each of them is told to change: that much may be known.
      expect(plan.config.map(({ setting }) => setting)).toEqual(
        expect.arrayContaining(['shop.title', 'shop.db.password', 'shop.copies.base64', 'shop.copies.url']),
      );
      const texts = textsIn([plan, live]);
      const lines = [old, next].flatMap((one) => [one, ...one.split('\n')]);
      const text = texts.join('\0');
      expect(lines.flatMap(traces).filter((one) => text.includes(one))).toEqual([]);
      const release = path.join(box.root, 'shop/versions/1/configuration.json');
      expect(fs.readFileSync(release, 'utf8')).toContain('copies');
    });
    await fc.assert(property, { numRuns: runs });
  }, 3_000_000);
});
