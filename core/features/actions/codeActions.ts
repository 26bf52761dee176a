import type { Action, ActionKind, ActionRequest } from './action.ts';
import { convertTypeActions } from './convertType.ts';
import { dottedKeyActions } from './dottedKeys.ts';
import { duplicateKeyActions } from './duplicateKey.ts';
import { extractSharedActions } from './extractShared.ts';
import { copyToGapActions, fillGapActions } from './fillGap.ts';
import { giveValueActions } from './giveValue.ts';
import { listModeActions } from './listMode.ts';
import { misspeltActions } from './misspelt.ts';
import { moveSettingActions } from './moveSetting.ts';
import { publicKeyActions } from './publicKey.ts';
import { redundantOverrideActions } from './redundantOverride.ts';
import { schemaActions } from './schemaFix.ts';
import { tabActions } from './tabs.ts';
import { templateNameActions } from './templateName.ts';
import { typoActions } from './typo.ts';
import { unreachableLayerActions } from './unreachableLayer.ts';

/** Some actions, and the kinds that they can have. */
interface Provider {
  kinds: readonly ActionKind[];
  actions(request: ActionRequest): Action[];
}

/** All that can be done. A new action is a file beside this one and a line here. */
const providers: readonly Provider[] = [
  { kinds: ['quickfix', 'source.fixAll.strata'], actions: redundantOverrideActions },
  { kinds: ['quickfix'], actions: typoActions },
  { kinds: ['quickfix'], actions: misspeltActions },
  { kinds: ['quickfix'], actions: convertTypeActions },
  { kinds: ['quickfix'], actions: giveValueActions },
  { kinds: ['quickfix'], actions: fillGapActions },
  { kinds: ['quickfix'], actions: duplicateKeyActions },
  { kinds: ['quickfix'], actions: publicKeyActions },
  { kinds: ['quickfix'], actions: unreachableLayerActions },
  { kinds: ['quickfix'], actions: tabActions },
  { kinds: ['quickfix'], actions: schemaActions },
  { kinds: ['quickfix'], actions: templateNameActions },
  { kinds: ['refactor.rewrite'], actions: listModeActions },
  { kinds: ['refactor.rewrite'], actions: dottedKeyActions },
  { kinds: ['refactor.extract'], actions: extractSharedActions },
  { kinds: ['refactor.copy'], actions: copyToGapActions },
  { kinds: ['refactor.move', 'refactor.copy'], actions: moveSettingActions },
];

/**
 * What can be done at a place: fixes of the problems there, and other ways to write the setting there. What they
 * change is found only when it is wanted.
 */
export function codeActions(request: ActionRequest): Action[] {
  const isWanted = (kind: ActionKind) => isAsked(kind, request.only);
  return providers
    .filter(({ kinds }) => kinds.some(isWanted))
    .flatMap(({ actions }) => actions(request))
    .filter(({ kind }) => isWanted(kind));
}

function isAsked(kind: ActionKind, only: readonly string[] | undefined): boolean {
  if (only === undefined) return !kind.startsWith('source');
  return only.some((one) => one === '' || kind === one || kind.startsWith(`${one}.`));
}
