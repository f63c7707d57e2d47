using Gir.Evaluation.Shards;

namespace Gir.Evaluation.Tests.Shards;

public sealed class ShardTests
{
    [Test]
    public void Every_result_belongs_to_one_shard_and_none_has_more_than_one_more_than_another()
    {
        foreach ((int images, int tasks, int restorers) in new[] { (1, 1, 0), (3, 4, 2), (7, 11, 1), (10, 10, 10) })
        {
            int total = images * tasks * (restorers + 1);
            foreach (int count in new[] { 1, 2, 3, 7, 64 }.Where(c => c <= total))
            {
                ShardPlan[] plans = [.. Enumerable.Range(1, count).Select(n => new ShardPlan(new Shard(n, count), images, tasks, restorers))];
                var owned = new int[count];
                for (int i = 0; i < images; i++)
                {
                    for (int t = 0; t < tasks; t++)
                    {
                        for (int s = 0; s <= restorers; s++)
                        {
                            int[] owners = [.. Enumerable.Range(0, count).Where(n => plans[n].Owns(i, t, s))];
                            Assert.That(owners, Has.Length.EqualTo(1), $"image {i}, task {t}, scored {s} of {count} shards");
                            owned[owners[0]]++;
                        }
                    }
                }

                Assert.That(owned, Is.EqualTo(plans.Select(p => p.Count)));
                Assert.That(owned.Max() - owned.Min(), Is.LessThanOrEqualTo(1));
            }
        }
    }

    [Test]
    public void An_image_is_degraded_twice_only_at_the_borders_of_shards()
    {
        const int Images = 12, Tasks = 10, Restorers = 6, Shards = 8;
        ShardPlan[] plans = [.. Enumerable.Range(1, Shards).Select(n => new ShardPlan(new Shard(n, Shards), Images, Tasks, Restorers))];

        int degraded = plans.Sum(plan => Enumerable.Range(0, Images * Tasks).Count(p => Enumerable.Range(0, Restorers + 1).Any(s => plan.Owns(p / Tasks, p % Tasks, s))));

        Assert.That(degraded, Is.LessThan((Images * Tasks) + Shards));
    }

    [Test]
    public void Every_shard_has_some_of_every_image_and_of_most_tasks()
    {
        const int Images = 10, Tasks = 40, Shards = 4;
        for (int n = 1; n <= Shards; n++)
        {
            var plan = new ShardPlan(new Shard(n, Shards), Images, Tasks, 1);
            Assert.That(Enumerable.Range(0, Images).Count(i => Enumerable.Range(0, Tasks).Any(t => plan.Owns(i, t, 1))), Is.EqualTo(Images));
            Assert.That(Enumerable.Range(0, Tasks).Count(t => Enumerable.Range(0, Images).Any(i => plan.Owns(i, t, 1))), Is.GreaterThan(Tasks * 3 / 4));
        }
    }

    [Test]
    public void A_shard_is_written_as_number_and_count()
    {
        Assert.That(Shard.Parse("2/8"), Is.EqualTo(new Shard(2, 8)));
        Assert.That(new Shard(2, 8).ToString(), Is.EqualTo("2/8"));
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("0/2")]
    [TestCase("3/2")]
    [TestCase("-1/2")]
    [TestCase("1/0")]
    [TestCase("1/2/3")]
    [TestCase(" 1/2")]
    [TestCase("1/100001")]
    [TestCase("99999999999/2")]
    public void What_names_no_shard_is_refused(string text) =>
        Assert.That(() => Shard.Parse(text), Throws.TypeOf<EvaluationException>().With.Message.Contains("expected NUMBER/COUNT"));

    [Test]
    public void More_shards_than_results_are_refused() =>
        Assert.That(() => new ShardPlan(new Shard(1, 13), 2, 3, 1), Throws.TypeOf<EvaluationException>().With.Message.Contains("there are 12 results to make"));
}
