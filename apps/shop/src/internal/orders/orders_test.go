package orders

import (
	"strings"
	"testing"
	"time"
)

func right() Order {
	return Order{ID: "order-0001", Article: "fern", Quantity: 2, Customer: "Ida"}
}

func TestCheck(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Order)
		want   string
	}{
		{"right", func(*Order) {}, ""},
		{"the most at once", func(o *Order) { o.Quantity = 99 }, ""},
		{"the longest name, in letters of two bytes", func(o *Order) { o.Customer = strings.Repeat("é", 60) }, ""},
		{"a number that is too short", func(o *Order) { o.ID = "short" }, "8 to 64 letters"},
		{"a number with a dot, which would be another subject", func(o *Order) { o.ID = "order.0001" }, "8 to 64 letters"},
		{"an article that the shop lacks", func(o *Order) { o.Article = "palm" }, `no article "palm"`},
		{"nothing", func(o *Order) { o.Quantity = 0 }, "1 to 99 pieces at once, not 0"},
		{"too much", func(o *Order) { o.Quantity = 100 }, "1 to 99 pieces at once, not 100"},
		{"nobody", func(o *Order) { o.Customer = "" }, "a name of 1 to 60"},
		{"a name that is too long", func(o *Order) { o.Customer = strings.Repeat("a", 61) }, "a name of 1 to 60"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			order := right()
			c.change(&order)
			err := order.Check()
			if c.want == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("said %v, and not %q", err, c.want)
			}
		})
	}
}

func TestEveryArticleIsFoundAndCostsSomething(t *testing.T) {
	for _, article := range Catalogue {
		found, known := Find(article.ID)
		if !known || found != article || article.Price <= 0 {
			t.Errorf("%s: found %v, %v", article.ID, found, known)
		}
	}
}

func TestSummarise(t *testing.T) {
	now := time.Date(2026, 1, 2, 6, 0, 0, 0, time.UTC)
	packed := right()
	packed.Packed = now.Add(-time.Minute)
	waiting := Order{ID: "order-0002", Article: "moss", Quantity: 3, Customer: "Ole"}
	got := Summarise([]Order{packed, waiting}, now)
	want := Report{Made: now, Orders: 2, Packed: 1, Pieces: 5, Revenue: 2*1490 + 3*690}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if empty := Summarise(nil, now); empty != (Report{Made: now}) {
		t.Errorf("of no orders: %+v", empty)
	}
}
