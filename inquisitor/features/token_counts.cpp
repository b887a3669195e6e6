#include "inquisitor/features/token_counts.hpp"

#include <algorithm>

namespace gensynth::features {

TokenCounts counted(TokenCounts tokens) {
  std::sort(tokens.begin(), tokens.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (kept > 0 && tokens[kept - 1].first == tokens[i].first) {
      tokens[kept - 1].second += tokens[i].second;
    } else {
      tokens[kept++] = tokens[i];
    }
  }
  tokens.resize(kept);
  tokens.shrink_to_fit();  // many of these are kept in memory
  return tokens;
}

TokenCounts counted(std::vector<std::uint64_t>& identities) {
  std::sort(identities.begin(), identities.end());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (i == 0 || identities[i] != identities[i - 1]) ++distinct;
  }
  TokenCounts tokens;
  tokens.reserve(distinct);
  for (const std::uint64_t identity : identities) {
    if (tokens.empty() || tokens.back().first != identity) tokens.emplace_back(identity, 0.0F);
    tokens.back().second += 1;
  }
  return tokens;
}

double total(const TokenCounts& counts) {
  double sum = 0;
  for (const auto& [token, count] : counts) sum += count;
  return sum;
}

double shared(const TokenCounts& a, const TokenCounts& b) {
  double sum = 0;
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (left->first < right->first) {
      ++left;
    } else if (right->first < left->first) {
      ++right;
    } else {
      sum += std::min((left++)->second, (right++)->second);
    }
  }
  return sum;
}

}  // namespace gensynth::features
