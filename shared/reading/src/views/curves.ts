export { type Curves, curvesSchema } from '@asi/contracts';
