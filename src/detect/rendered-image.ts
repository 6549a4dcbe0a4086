/** How a text has a client load a picture: `![alt](`, the definition of a reference, `<img src=`. What follows is the address. */
export const IMAGE = '(?:!\\[[^\\]\\n]{0,120}\\]\\([ <]{0,2}|\\[[^\\]\\n]{1,60}\\]: {0,3}<?|<img\\b[^<>]{0,120}\\bsrc=["\']?)';

/** The address of a picture up to its query. */
export const IMAGE_ADDRESS = '(?:https?:)?//[^\\s/?#)<>"\']{3,120}(?:/[^\\s?#)<>"\']{0,200})?';
