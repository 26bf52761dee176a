import { describe, expect, it } from 'vitest';
import { layerStore } from '../../core/workspace/layerStore.ts';

/** A store over one file, that tells how often the file was read. */
function counted(text: string, most?: number) {
  let reads = 0;
  const read = () => {
    reads++;
    return { text };
  };
  const store = layerStore({ list: () => undefined, read }, '1.2', most);
  return { store, reads: () => reads };
}

describe('the store of layers', () => {
  it('reads a layer once, also when only its facts were asked for first', () => {
    const { store, reads } = counted('a: 1\n');
    store.facts('/a.yaml');
    expect(store.layer('/a.yaml')?.root.entries.size).toBe(1);
    expect(reads()).toBe(1);
  });

  it('does not keep what was read for its facts alone where room is scarce', () => {
    const { store, reads } = counted('a: 1\n', 20);
    store.facts('/a.yaml');
    expect(store.layer('/a.yaml')?.root.entries.size).toBe(1);
    expect(reads()).toBe(2);
  });

  it('reads a layer again that was let go, and one that somebody still holds', () => {
    const { store, reads } = counted('a: 1\n');
    const held = store.layer('/a.yaml');
    store.letGo('/a.yaml');
    expect(store.layerIfRead('/a.yaml')).toBeUndefined();
    expect(held?.root.entries.size).toBe(1);
    expect(reads()).toBe(2);
    expect(store.layer('/a.yaml')?.text).toBe('a: 1\n');
    expect(reads()).toBe(3);
  });
});
