// The icon font writes an icon as a ligature of its name's letters. Cutting by letters alone would keep every icon,
// so the font is cut without closure over its ligatures: to the letters, and to the glyphs that the names stand for,
// reached by the code points that the font also gives them.
import fontverter from 'fontverter';
import { Blob, Buffer, Face, Font, shape } from 'harfbuzzjs';

const [privateUseStart, privateUseEnd] = [0xe000, 0xf8ff];

export async function glyphText(woff2, names) {
  const font = new Font(new Face(new Blob(await fontverter.convert(woff2, 'truetype'))));
  const glyphs = text => {
    const buffer = new Buffer();
    buffer.addText(text);
    buffer.guessSegmentProperties();
    shape(font, buffer);
    return buffer.getGlyphInfos().map(info => info.codepoint);
  };
  const characters = new Map();
  for (let code = privateUseStart; code <= privateUseEnd; code++) {
    const character = String.fromCodePoint(code);
    const [glyph] = glyphs(character);
    if (glyph) characters.set(glyph, character);
  }
  const points = names.map(name => {
    const found = glyphs(name);
    const character = found.length === 1 && characters.get(found[0]);
    if (!character) throw new Error(`Browser/glyphs.txt: the icon font has no glyph '${name}'.`);
    return character;
  });
  return [...new Set(names.join('')), ...points].join('');
}
