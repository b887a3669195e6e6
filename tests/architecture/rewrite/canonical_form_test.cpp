#include "architecture/rewrite/canonical_form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/cost.hpp"
#include "tests/architecture/random_architecture.hpp"

namespace gensynth {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Convolution conv(int channels, int kernel = 1, int groups = 1) {
  return {.out_channels = channels, .kernel = {kernel, kernel}, .padding = {kernel / 2, kernel / 2}, .groups = groups};
}

class Draft {
 public:
  explicit Draft(int px = 16) : builder_("draft", Shape{Layout::map, 3, px, px}) {}
  int add(const Operator& op, const std::vector<int>& inputs) { return builder_.add(op, inputs); }
  int add(const Operator& op, int input) { return builder_.add(op, input); }
  const Architecture& finish(int v) {
    built_.push_back(builder_.build(v));
    return built_.back();
  }

 private:
  ArchitectureBuilder builder_;
  std::vector<Architecture> built_;
};

std::vector<int> vertices(const CanonicalForm& form) {
  std::vector<int> result;
  for (int n = 0; n < form.size(); ++n) result.push_back(form[n].vertex);
  return result;
}

TEST(CanonicalForm, SkipsOperatorsWithoutEffect) {
  Draft draft;
  const int a = draft.add(conv(8, 3), 0);
  int v = draft.add(Activation{}, draft.add(BatchNorm{}, a));
  v = draft.add(Dropout{}, v);
  v = draft.add(Pool{PoolKind::max, {1, 1}, {1, 1}}, v);
  v = draft.add(Resize{ResizeMode::bilinear, 1}, v);
  v = draft.add(ChannelShuffle{4}, draft.add(ChannelShuffle{2}, v));
  v = draft.add(FromTokens{}, {draft.add(ToTokens{}, v), v});
  v = draft.add(Concat{}, {draft.add(Split{0, 3}, v), draft.add(Split{3, 8}, v)});
  const int b = draft.add(conv(4), v);
  const CanonicalForm form(draft.finish(b));
  EXPECT_THAT(vertices(form), ElementsAre(0, a, b));
  EXPECT_TRUE(form[1].activated);
  EXPECT_FALSE(form[2].activated);
  EXPECT_THAT(form.inputs(2), ElementsAre(1));
  EXPECT_THAT(form.users(0), ElementsAre(1));
  EXPECT_THAT(form.outputs(), ElementsAre(2));
}

TEST(CanonicalForm, DeadBranchesAreGone) {
  Draft draft;
  const int a = draft.add(conv(8, 3), 0);
  const int lost = draft.add(conv(8, 3), a);
  const int zero = draft.add(Zero{}, lost);
  const int sum = draft.add(Add{}, {a, zero});                              // ends in zeros
  const int product = draft.add(Multiply{}, {lost, draft.add(Zero{}, a)});  // multiplied by them
  const int still = draft.add(conv(8), product);                            // no bias: still zeros
  const int part = draft.add(Concat{}, {sum, still});
  const int b = draft.add(conv(4), part);
  const CanonicalForm form(draft.finish(b));
  EXPECT_THAT(vertices(form), ElementsAre(0, a, b));
  EXPECT_EQ(form[2].macs, 8 * 4 * 16 * 16);  // the zeros among its inputs cost nothing
}

TEST(CanonicalForm, UnreadChannelsAreGone) {
  Draft draft;
  const int a = draft.add(conv(8, 3), 0);
  const int b = draft.add(conv(4), draft.add(Split{2, 5}, draft.add(Activation{}, a)));
  const CanonicalForm form(draft.finish(b));
  ASSERT_THAT(vertices(form), ElementsAre(0, a, b));
  EXPECT_EQ(form[1].begin, 2);
  EXPECT_EQ(form[1].end, 5);
  EXPECT_EQ(form[1].macs, 3 * 9 * 3 * 16 * 16);
  EXPECT_EQ(form.macs(), form[1].macs + 3 * 4 * 16 * 16);
}

TEST(CanonicalForm, ANetworkOfConstantsHasNoOutput) {
  Draft draft;
  const int zero = draft.add(Zero{}, draft.add(conv(8, 3), 0));
  const int b = draft.add(Activation{ActivationKind::sigmoid}, draft.add(BatchNorm{}, draft.add(conv(4), zero)));
  const CanonicalForm form(draft.finish(b));
  EXPECT_EQ(form.size(), 1);
  EXPECT_THAT(form.outputs(), IsEmpty());
  EXPECT_EQ(form.macs(), 0);
}

TEST(CanonicalForm, TapsOffTheMapAreGone) {
  Draft draft(8);
  Convolution dilated = conv(8, 3);
  dilated.dilation = {101, 101};
  dilated.padding = {101, 101};
  const int a = draft.add(dilated, 0);
  Convolution whole = conv(8, 8);
  whole.padding = {0, 0};
  const int b = draft.add(whole, a);
  const int c = draft.add(conv(8, 3), b);  // on one place
  const CanonicalForm form(draft.finish(c));
  EXPECT_EQ(form[1].taps, (Pair{1, 1}));
  EXPECT_EQ(form[1].macs, 3 * 8 * 64);
  EXPECT_EQ(form[2].taps, (Pair{8, 8}));
  EXPECT_EQ(form[3].taps, (Pair{1, 1}));
  EXPECT_EQ(form[3].macs, 8 * 8);
}

TEST(CanonicalForm, GroupsAreBranchesWhereTheyCouldBeColumns) {
  Draft draft;
  int v = draft.add(conv(8), 0);
  v = draft.add(Activation{}, draft.add(BatchNorm{}, draft.add(conv(8, 3, 8), v)));
  v = draft.add(Activation{}, draft.add(BatchNorm{}, draft.add(conv(8, 1, 2), v)));
  v = draft.add(conv(8, 3, 8), v);
  const CanonicalForm form(draft.finish(draft.add(conv(4), v)));
  EXPECT_EQ(form.size(), 1 + 2 * 4 + 1);
  for (int n = 3; n < 9; ++n) EXPECT_THAT(form.inputs(n), ElementsAre(n - 2));
  EXPECT_THAT(form.inputs(9), ElementsAre(7, 8));

  Draft alone;  // between operators that mix all channels, without another window
  int w = alone.add(Activation{}, alone.add(conv(8), 0));
  w = alone.add(Activation{}, alone.add(conv(8, 3, 2), w));
  const CanonicalForm whole(alone.finish(alone.add(conv(4), w)));
  EXPECT_EQ(whole.size(), 4);
}

TEST(CanonicalForm, OneOperatorOverTwoBranchesIsOneForEach) {
  Draft draft;
  const int a = draft.add(conv(4, 3), 0);
  const int b = draft.add(conv(6, 3), 0);
  const int joint = draft.add(Activation{}, draft.add(Concat{}, {a, b}));
  const int c = draft.add(conv(4, 3), draft.add(Split{0, 4}, joint));
  const int d = draft.add(conv(4, 3), draft.add(Split{4, 10}, joint));
  const CanonicalForm form(draft.finish(draft.add(Add{}, {c, d})));
  ASSERT_THAT(vertices(form), ElementsAre(0, a, b, joint, joint, c, d, d + 1));
  EXPECT_THAT(form.inputs(3), ElementsAre(1));
  EXPECT_THAT(form.inputs(4), ElementsAre(2));
  EXPECT_THAT(form.inputs(5), ElementsAre(3));
  EXPECT_THAT(form.inputs(6), ElementsAre(4));
}

TEST(CanonicalForm, AMapThatIsReadAsAWholeStaysOne) {
  Draft draft;
  const int a = draft.add(conv(8, 3), 0);
  const int all = draft.add(conv(8), a);  // reads both halves
  const int half = draft.add(conv(8), draft.add(Split{0, 4}, a));
  const CanonicalForm form(draft.finish(draft.add(Add{}, {all, half})));
  EXPECT_THAT(vertices(form), ElementsAre(0, a, all, half, half + 1));
}

TEST(CanonicalForm, OnlyValuesAreFollowed) {
  Draft draft;
  const int a = draft.add(conv(8, 3), 0);
  const int size = draft.add(BlurPool{3, 2}, draft.add(conv(2), a));
  const int resized = draft.add(Resize{ResizeMode::nearest, 0}, {a, size});
  const CanonicalForm form(draft.finish(resized));
  EXPECT_THAT(vertices(form), ElementsAre(0, a, resized));
}

TEST(CanonicalForm, IsConsistentOnRandomNetworks) {
  Rng rng(19);
  for (int i = 0; i < 500; ++i) {
    const Architecture net = RandomArchitecture(rng, 32, 10 + below(rng, 90)).build();
    const CanonicalForm form(net);
    EXPECT_LE(form.macs(), cost(net).macs);
    std::int64_t macs = 0;
    for (int n = 0; n < form.size(); ++n) {
      macs += form[n].macs;
      EXPECT_LT(form[n].begin, form[n].end);
      if (n > 0) EXPECT_FALSE(form.inputs(n).empty());
      for (const int u : form.inputs(n)) {
        EXPECT_LT(u, n);
        const auto users = form.users(u);
        EXPECT_TRUE(std::find(users.begin(), users.end(), n) != users.end());
      }
      const auto outputs = form.outputs();
      EXPECT_TRUE(n == 0 || !form.users(n).empty() || std::find(outputs.begin(), outputs.end(), n) != outputs.end());
    }
    EXPECT_EQ(macs, form.macs());
  }
}

}  // namespace
}  // namespace gensynth
