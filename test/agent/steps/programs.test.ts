import { describe, expect, it } from 'vitest';
import { groupsIn, sectionsIn } from '../../../agent/steps/supervisor/programs.ts';

describe('files of supervisord', () => {
  it('have programs, and groups of them', () => {
    const text = `[group:web]\r
programs = one , two
[program:one]
command=one
[program:two]
startsecs=0 ; it ends
[eventlistener:told]
startsecs: 0
[fcgi-program:fast]
;startsecs=0
[unix_http_server]
startsecs=0
`;
    expect(groupsIn([text, '[program:alone]'])).toEqual([
      { name: 'told', mayEnd: true },
      { name: 'fast', mayEnd: false },
      { name: 'alone', mayEnd: false },
      { name: 'web', mayEnd: false },
    ]);
  });

  it('may have their programs in other files than their groups', () => {
    expect(groupsIn(['[group:web]\nprograms=one', '[program:one]\nstartsecs=0'])).toEqual([
      { name: 'web', mayEnd: true },
    ]);
  });

  it('may have none', () => {
    expect(groupsIn(['', '[program:]', 'program:x'])).toEqual([]);
  });

  it('have names that no other file may have', () => {
    const text = '[group:web]\nprograms=one\n[program:one]\n[program:alone]\n[supervisord]\n';
    expect([...sectionsIn([text])].sort()).toEqual([
      ...['group:alone', 'group:web', 'program:alone', 'program:one'],
    ]);
    expect([...sectionsIn([''])]).toEqual([]);
  });
});
