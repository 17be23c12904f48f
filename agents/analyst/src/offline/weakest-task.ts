export { symptomOf, type Weakness, weakestTask } from '@asi/statistics';
