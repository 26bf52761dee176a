export { foreignLine, foreignText } from '../../remote/logs/foreignText.ts';
