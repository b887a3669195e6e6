#include "runtime/drawing/svg_canvas.hpp"

#include <array>
#include <cstdio>

#include "runtime/drawing/describe.hpp"

namespace gensynth::drawing {

std::string SvgCanvas::number(double value) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f", value);
  std::string text = buffer.data();
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string SvgCanvas::fitted(const std::string& words, double width, double font_size) {
  constexpr double kAdvance = 0.56;  // of an average letter, in font sizes
  const auto room = static_cast<std::size_t>(std::max(1.0, width / (kAdvance * font_size)));
  std::size_t letters = 0;
  std::size_t end = 0;  // of the part that fits with an ellipsis
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((static_cast<unsigned char>(words[i]) & 0xC0U) == 0x80U) continue;
    if (letters < room) end = i;
    ++letters;
  }
  return letters <= room ? words : words.substr(0, end) + "…";
}

std::string SvgCanvas::attributes(const Style& style) {
  std::string out = " fill=\"" + style.fill + "\"";
  if (style.stroke != "none") {
    out += " stroke=\"" + style.stroke + "\"";
    if (style.width != 1) out += " stroke-width=\"" + number(style.width) + "\"";
  }
  return style.more.empty() ? out : out + " " + style.more;
}

void SvgCanvas::rectangle(const Box& box, double radius, const Style& style) {
  out_ += "<rect x=\"" + number(box.x) + "\" y=\"" + number(box.y) + "\" width=\"" + number(box.w) + "\" height=\"" +
          number(box.h) + "\"" + (radius > 0 ? " rx=\"" + number(radius) + "\"" : "") + attributes(style) + "/>\n";
}

void SvgCanvas::path(const std::string& data, const Style& style) {
  out_ += "<path d=\"" + data + "\"" + attributes(style) + "/>\n";
}

void SvgCanvas::circle(double x, double y, double radius, const Style& style) {
  out_ += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\"" + attributes(style) +
          "/>\n";
}

void SvgCanvas::text(double x, double y, const std::string& words, const Font& font) {
  out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" font-size=\"" + number(font.size) + "\" fill=\"" +
          font.colour + "\"" + (font.anchor == "start" ? "" : " text-anchor=\"" + font.anchor + "\"") +
          (font.bold ? " font-weight=\"600\"" : "") +
          (font.halo.empty() ? "" : " stroke=\"" + font.halo + "\" stroke-width=\"5\" paint-order=\"stroke\"") + ">" +
          escape_xml(words) + "</text>\n";
}

void SvgCanvas::open(const std::string& tooltip, const std::string& css_class) {
  out_ += "<g class=\"" + css_class + "\">";
  if (!tooltip.empty()) out_ += "<title>" + escape_xml(tooltip) + "</title>";
  out_ += "\n";
}

void SvgCanvas::close() { out_ += "</g>\n"; }

}  // namespace gensynth::drawing
