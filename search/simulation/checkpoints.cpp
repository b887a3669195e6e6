#include "search/simulation/checkpoints.hpp"

#include <algorithm>

namespace gensynth::simulation {

std::vector<int> checkpoints(int queries) {
  std::vector<int> result;
  for (int decade = 10; decade <= queries; decade *= 10) {
    for (const int n : {decade, decade / 2 * 5, decade * 5}) {
      if (n < queries) result.push_back(n);
    }
    for (const int n : {decade * 2, decade * 3, decade * 15 / 10}) {
      if (decade >= 100 && n < queries) result.push_back(n);
    }
  }
  result.push_back(queries);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace gensynth::simulation
