#pragma once

#include <string>

#include "runtime/drawing/layout.hpp"

namespace gensynth::drawing {

/// Collects SVG elements. Coordinates are written with one decimal, so that equal drawings are equal texts.
class SvgCanvas {
 public:
  struct Style {
    std::string fill = "none";
    std::string stroke = "none";
    double width = 1;
    std::string more;  ///< further attributes
  };
  struct Font {
    double size = 11;
    std::string colour = "#26323f";
    std::string anchor = "start";
    bool bold = false;
    std::string halo = "";  ///< colour around the letters that keeps lines off them
  };

  void rectangle(const Box& box, double radius, const Style& style);
  void path(const std::string& data, const Style& style);
  void circle(double x, double y, double radius, const Style& style);
  void text(double x, double y, const std::string& words, const Font& font);  ///< y: the base line
  void open(const std::string& tooltip, const std::string& css_class);        ///< begins a group
  void close();
  void raw(const std::string& element) { out_ += element; }

  const std::string& content() const { return out_; }

  static std::string number(double value);
  /// Cut to the width, with an ellipsis; never within a UTF-8 character.
  static std::string fitted(const std::string& words, double width, double font_size);

 private:
  static std::string attributes(const Style& style);
  std::string out_;
};

}  // namespace gensynth::drawing
