#pragma once

#include <functional>
#include <string>

#include "runtime/drawing/svg_canvas.hpp"

namespace gensynth::charts {

/// The page that all charts share, with title, colours and number formats.
class ChartPage {
 public:
  static constexpr double kMargin = 28;
  static constexpr const char* kInk = "#17202b";
  static constexpr const char* kText = "#26323f";
  static constexpr const char* kMuted = "#5d6b7a";
  static constexpr const char* kRule = "#d5dbe3";
  static constexpr const char* kGrid = "#e4e8ee";

  ChartPage(double width, const std::string& title, const std::string& subtitle);

  drawing::SvgCanvas& canvas() { return canvas_; }
  double width() const { return width_; }
  double inner() const { return width_ - 2 * kMargin; }
  static constexpr double kTop = 104;  ///< where content begins
  void heading(double x, double y, const std::string& words);
  /// Draws panels in rows of `columns`, equally wide, with `gap` between them and `row_gap` between rows. `draw` gets
  /// the index, left, top and width of a panel and returns its bottom. Returns the bottom of the last row.
  double grid(std::size_t panels, int columns, double gap, double row_gap,
              const std::function<double(std::size_t, double, double, double)>& draw) const;
  /// Returns the whole document. `definitions` holds SVG patterns and similar elements.
  std::string finish(double height, const std::string& definitions = "") const;

  /// Colour number `index` of a categorical scale that colour-blind readers can distinguish (Okabe and
  /// Ito).
  static const char* series_colour(std::size_t index);
  /// "0.123", "1.23", "12.3", "123", without a unit.
  static std::string digits(double value);

 private:
  double width_;
  std::string title_;
  drawing::SvgCanvas canvas_;
};

}  // namespace gensynth::charts
