/** Whether an error of the file system means that no space, or no quota of this user, is left. */
export const isDiskFull = (error: unknown): boolean => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT';
};
