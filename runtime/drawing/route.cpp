#include "runtime/drawing/route.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace gensynth::drawing {
namespace {

using Index = std::size_t;
constexpr double kClearance = 7;  ///< between a corridor and a card
constexpr double kApart = 8;      ///< between two corridors
constexpr double kFurthest = 4000;

/// A vertical line through rows [first, last].
struct Corridor {
  double x;
  int first;
  int last;
};

class Router {
 public:
  Router(const Diagram& diagram, const Drawing& layout) : diagram_(diagram), layout_(layout) {
    units_by_row_.resize(layout.row_span.size());
    for (Index u = 0; u < layout.rows.size(); ++u) {
      units_by_row_[static_cast<Index>(layout.rows[u])].push_back(static_cast<int>(u));
    }
  }

  std::vector<Route> route_all() {
    std::vector<Route> routes;
    for (const auto& [from, to] : diagram_.links) {
      routes.push_back({from, to, anchor(from, to), anchor(to, from), std::nullopt});
    }
    spread_ends(routes);
    // Short ones come first, so that they get the nearest corridors.
    std::vector<Index> order(routes.size());
    for (Index i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return span(routes[a]) < span(routes[b]); });
    for (const Index i : order) {
      if (span(routes[i]) > 1) routes[i].corridor = find_corridor(routes[i]);
    }
    return routes;
  }

 private:
  const Box& box(int u) const { return layout_.boxes[static_cast<Index>(u)]; }
  int row(int u) const { return layout_.rows[static_cast<Index>(u)]; }
  int span(const Route& route) const { return row(route.to) - row(route.from); }
  bool broad(int u) const { return box(u).w > layout_.measures.lane; }

  /// The x at which a line between u and the other unit touches u: its middle, or opposite the other on a broad unit.
  double anchor(int u, int other) const {
    if (!broad(u)) return box(u).middle();
    if (broad(other)) return std::clamp(box(other).middle(), box(u).x, box(u).x + box(u).w);
    return std::clamp(box(other).middle(), box(u).x + 16, box(u).x + box(u).w - 16);
  }

  /// Places lines that end at one narrow unit side by side, in the order of their origins.
  void spread_ends(std::vector<Route>& routes) const {
    std::map<int, std::vector<Route*>> ends;
    for (Route& route : routes) {
      if (!broad(route.to)) ends[route.to].push_back(&route);
    }
    for (auto& [to, incoming] : ends) {
      std::stable_sort(incoming.begin(), incoming.end(),
                       [](const Route* a, const Route* b) { return a->start_x < b->start_x; });
      const double step = std::min(14.0, box(to).w / 2 / static_cast<double>(incoming.size()));
      for (Index i = 0; i < incoming.size(); ++i) {
        incoming[i]->end_x += step * (static_cast<double>(i) - (static_cast<double>(incoming.size()) - 1) / 2);
      }
    }
  }

  bool is_free(double x, int first, int last) const {
    for (int r = first; r <= last; ++r) {
      for (const int u : units_by_row_[static_cast<Index>(r)]) {
        if (x > box(u).x - kClearance && x < box(u).x + box(u).w + kClearance) return false;
      }
    }
    return std::none_of(taken_.begin(), taken_.end(), [&](const Corridor& other) {
      return other.first <= last && first <= other.last && std::abs(other.x - x) < kApart;
    });
  }

  double find_corridor(const Route& route) {
    const int first = row(route.from) + 1;
    const int last = row(route.to) - 1;
    const double leftmost = layout_.content_x - 4;
    const double wish = is_free(route.start_x, first, last) ? route.start_x : route.end_x;
    double x = wish;
    for (double distance = 0; distance < kFurthest; distance += 2) {
      if (is_free(wish + distance, first, last)) {
        x = wish + distance;
        break;
      }
      if (wish - distance >= leftmost && is_free(wish - distance, first, last)) {
        x = wish - distance;
        break;
      }
    }
    taken_.push_back({x, first, last});
    return x;
  }

  const Diagram& diagram_;
  const Drawing& layout_;
  std::vector<std::vector<int>> units_by_row_;
  std::vector<Corridor> taken_;
};

}  // namespace

std::vector<Route> make_routes(const Diagram& diagram, const Drawing& layout) {
  return Router(diagram, layout).route_all();
}

}  // namespace gensynth::drawing
