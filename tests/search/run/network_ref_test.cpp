#include "search/run/network_ref.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::run {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(NetworkRef, ErrorsNameTheExpectedForms) {
  const testing::Scratch scratch;
  EXPECT_EQ(run::resolve_network("zoo:mobilenet-v2-1").architecture.shape(0).height, 224);
  EXPECT_THAT([] { (void)run::resolve_network("zoo:mobilnet-v2-1"); },
              ThrowsMessage<Error>(HasSubstr("did you mean 'mobilenet-v2-1'")));
  EXPECT_THAT([] { (void)run::resolve_network("nowhere.json"); }, ThrowsMessage<Error>(HasSubstr("RUN#TRIAL")));
  EXPECT_THAT([&] { (void)run::resolve_network(scratch / ""); }, ThrowsMessage<Error>(HasSubstr("run.db")));
  EXPECT_THAT([&] { (void)run::resolve_network((scratch / "") + "#x"); },
              ThrowsMessage<Error>(HasSubstr("trial number")));
}

}  // namespace
}  // namespace gensynth::run
