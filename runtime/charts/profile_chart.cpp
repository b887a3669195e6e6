#include "runtime/charts/profile_chart.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "runtime/charts/chart_page.hpp"
#include "runtime/drawing/describe.hpp"

namespace gensynth::charts {
namespace {

using Index = std::size_t;

struct BoundLook {
  const char* name;
  const char* colour;
};
constexpr std::array<BoundLook, 3> kBounds{{{"compute", "#3b7cc0"}, {"memory", "#e69f43"}, {"overhead", "#9aa5b1"}}};

Index bound_of(const TimedKernel& kernel) {
  for (Index i = 0; i < kBounds.size(); ++i) {
    if (kernel.bound == kBounds[i].name) return i;
  }
  return kBounds.size() - 1;
}

struct Sum {
  std::string name;
  int kernels = 0;
  double ms = 0;
  double macs = 0;
  std::array<double, kBounds.size()> by_bound{};
};

/// Sums by a member, in order of first appearance.
std::vector<Sum> sums(const std::vector<TimedKernel>& kernels, std::string TimedKernel::*by) {
  std::vector<Sum> out;
  std::map<std::string, Index> known;
  for (const TimedKernel& kernel : kernels) {
    const auto [at, added] = known.emplace(kernel.*by, out.size());
    if (added) {
      out.emplace_back();
      out.back().name = kernel.*by;
    }
    Sum& sum = out[at->second];
    sum.kernels += 1;
    sum.ms += kernel.ms;
    sum.macs += kernel.macs;
    sum.by_bound[bound_of(kernel)] += kernel.ms;
  }
  return out;
}

class Page {
 public:
  explicit Page(const ProfileChart& chart)
      : chart_(chart), page_(980, chart.title.empty() ? "network" : chart.title, chart.subtitle) {
    for (const TimedKernel& kernel : chart.kernels) total_ += kernel.ms;
  }

  std::string draw() {
    double y = strip(ChartPage::kTop + 8);
    std::vector<Sum> stages = sums(chart_.kernels, &TimedKernel::stage);
    for (Sum& sum : stages) sum.name = sum.name == "-" ? "outside of stages" : "stage " + sum.name;
    std::vector<Sum> kinds = sums(chart_.kernels, &TimedKernel::kernel);
    std::stable_sort(kinds.begin(), kinds.end(), [](const Sum& a, const Sum& b) { return a.ms > b.ms; });
    const double half = (page_.inner() - 36) / 2;
    const double left = table(ChartPage::kMargin, y, half, "By stage", stages);
    const double right = table(ChartPage::kMargin + half + 36, y, half, "By kind of kernel", kinds);
    y = layers(std::max(left, right) + 26);
    for (const std::string& note : chart_.notes) {
      y += 16;
      page_.canvas().text(ChartPage::kMargin, y, drawing::SvgCanvas::fitted("note: " + note, page_.inner(), 10.5),
                          {10.5, ChartPage::kMuted, "start", false, ""});
    }
    return page_.finish(y + 26,
                        "<pattern id=\"unseen\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                        "patternTransform=\"rotate(45)\"><rect width=\"2\" height=\"5\" fill=\"#ffffff\" "
                        "fill-opacity=\"0.55\"/></pattern>\n");
  }

 private:
  double share(double ms) const { return total_ > 0 ? ms / total_ : 0; }
  std::string percent(double ms) const { return drawing::SvgCanvas::number(100 * share(ms)) + " %"; }

  void bar(const drawing::Box& box, Index bound, bool in_range) {
    page_.canvas().rectangle(box, 0, {kBounds[bound].colour, "none", 1, ""});
    if (!in_range) page_.canvas().rectangle(box, 0, {"url(#unseen)", "none", 1, ""});
  }

  /// The inference from left to right, stages named below it.
  double strip(double y) {
    drawing::SvgCanvas& canvas = page_.canvas();
    page_.heading(ChartPage::kMargin, y, "One inference, in order of execution");
    double x = page_.width() - ChartPage::kMargin;
    bool unseen = false;
    for (const TimedKernel& kernel : chart_.kernels) unseen = unseen || !kernel.in_range;
    const auto legend = [&](const std::string& words, Index bound, bool in_range) {
      canvas.text(x, y, words, {10.5, ChartPage::kText, "end", false, ""});
      x -= 6.1 * static_cast<double>(words.size()) + 18;
      bar({x, y - 9, 12, 10}, bound, in_range);
      x -= 14;
    };
    if (unseen) legend("outside the calibrated range", 2, false);
    for (Index i = kBounds.size(); i-- > 0;) legend(std::string("bound by ") + kBounds[i].name, i, true);
    y += 14;
    constexpr double kHeight = 40;
    double at = ChartPage::kMargin;
    double stage_start = at;
    for (Index i = 0; i < chart_.kernels.size(); ++i) {
      const TimedKernel& kernel = chart_.kernels[i];
      const double wide = page_.inner() * share(kernel.ms);
      canvas.open(tooltip(kernel), "kernel");
      bar({at, y, std::max(wide, 0.1), kHeight}, bound_of(kernel), kernel.in_range);
      canvas.close();
      at += wide;
      if (wide > 3)
        canvas.path("M" + drawing::SvgCanvas::number(at) + " " + drawing::SvgCanvas::number(y) + "v40",
                    {"none", "#ffffff", 0.6, ""});
      if (i + 1 == chart_.kernels.size() || chart_.kernels[i + 1].stage != kernel.stage) {
        const double room = at - stage_start;
        canvas.path("M" + drawing::SvgCanvas::number(stage_start + 1) + " " + drawing::SvgCanvas::number(y + 45) + "h" +
                        drawing::SvgCanvas::number(std::max(0.1, room - 2)),
                    {"none", ChartPage::kMuted, 1.5, ""});
        if (room > 22) {
          const std::string name = kernel.stage == "-" ? "" : room > 60 ? "stage " + kernel.stage : kernel.stage;
          canvas.text(stage_start + room / 2, y + 59, name, {10.5, ChartPage::kMuted, "middle", false, ""});
        }
        stage_start = at;
      }
    }
    return y + kHeight + 52;
  }

  static std::string tooltip(const TimedKernel& kernel) {
    return kernel.layer + ": " + kernel.kernel + ", " + kernel.output + ", " + drawing::with_prefix(kernel.macs) +
           " MACs, " + drawing::with_prefix(kernel.bytes) + "B moved, " + ChartPage::digits(kernel.ms) +
           " ms, bound by " + kernel.bound + (kernel.in_range ? "" : ", outside the calibrated range");
  }

  double table(double x, double y, double width, const std::string& title, const std::vector<Sum>& rows) {
    drawing::SvgCanvas& canvas = page_.canvas();
    page_.heading(x, y, title);
    double longest = 0;
    for (const Sum& row : rows) longest = std::max(longest, row.ms);
    const double bar_x = x + 116;
    const double bar_w = width - 116 - 122;
    y += 8;
    for (const Sum& row : rows) {
      y += 20;
      canvas.text(x, y, drawing::SvgCanvas::fitted(row.name, 112, 11), {11, ChartPage::kText, "start", false, ""});
      double at = bar_x;
      canvas.open(
          row.name + ": " + std::to_string(row.kernels) + " kernels, " + drawing::with_prefix(row.macs) + " MACs",
          "sum");
      for (Index i = 0; i < kBounds.size(); ++i) {
        const double wide = longest > 0 ? bar_w * row.by_bound[i] / longest : 0;
        if (wide <= 0) continue;
        bar({at, y - 10, wide, 13}, i, true);
        at += wide;
      }
      canvas.close();
      canvas.text(x + width - 58, y, ChartPage::digits(row.ms) + " ms", {11, ChartPage::kText, "end", false, ""});
      canvas.text(x + width, y, percent(row.ms), {11, ChartPage::kMuted, "end", false, ""});
    }
    return y;
  }

  double layers(double y) {
    drawing::SvgCanvas& canvas = page_.canvas();
    const double x = ChartPage::kMargin;
    const double right = page_.width() - x;
    page_.heading(x, y, "By layer");
    for (const auto& [at, words] : {std::pair{right - 136, "MACs"}, {right - 58, "time"}, {right, "share"}}) {
      canvas.text(at, y, words, {10.5, ChartPage::kMuted, "end", false, ""});
    }
    double longest = 0;
    for (const TimedKernel& kernel : chart_.kernels) longest = std::max(longest, kernel.ms);
    const double bar_x = x + 368;
    const double bar_w = right - 200 - bar_x;
    y += 10;
    bool shaded = false;
    for (Index i = 0; i < chart_.kernels.size(); ++i) {
      const TimedKernel& kernel = chart_.kernels[i];
      const bool first = i == 0 || chart_.kernels[i - 1].stage != kernel.stage;
      if (first) shaded = !shaded;
      if (shaded) canvas.rectangle({x - 6, y, page_.inner() + 12, 15}, 0, {"#f4f6f9", "none", 1, ""});
      y += 15;
      const double line = y - 4;
      if (first && kernel.stage != "-") {
        canvas.text(x, line, kernel.stage, {10, ChartPage::kMuted, "start", true, ""});
      }
      canvas.text(x + 22, line, drawing::SvgCanvas::fitted(kernel.layer, 134, 10),
                  {10, ChartPage::kText, "start", false, ""});
      canvas.text(x + 160, line, kernel.kernel, {10, ChartPage::kMuted, "start", false, ""});
      canvas.text(bar_x - 12, line, kernel.output, {10, ChartPage::kMuted, "end", false, ""});
      canvas.open(tooltip(kernel), "layer");
      const double wide = longest > 0 ? bar_w * kernel.ms / longest : 0;
      bar({bar_x, y - 13, std::max(wide, 0.5), 11}, bound_of(kernel), kernel.in_range);
      canvas.close();
      canvas.text(right - 136, line, kernel.macs > 0 ? drawing::with_prefix(kernel.macs) : "–",
                  {10, ChartPage::kMuted, "end", false, ""});
      canvas.text(right - 58, line, ChartPage::digits(kernel.ms) + " ms", {10, ChartPage::kText, "end", false, ""});
      canvas.text(right, line, percent(kernel.ms), {10, ChartPage::kMuted, "end", false, ""});
    }
    return y;
  }

  const ProfileChart& chart_;
  ChartPage page_;
  double total_ = 0;
};

}  // namespace

std::string to_svg(const ProfileChart& chart) { return Page(chart).draw(); }

}  // namespace gensynth::charts
