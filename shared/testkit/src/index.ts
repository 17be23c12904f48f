export { type TransitionTable, transitionTableOf } from './transition-table.ts';
