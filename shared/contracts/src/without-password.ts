/** An address of servers as it may be shown and logged: `nats://user:secret@host:4222` is `nats://***@host:4222`. */
export const withoutPassword = (address: string): string => address.replace(/\/\/[^/]*@/g, '//***@');
