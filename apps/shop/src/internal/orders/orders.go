// Package orders is what the shop sells, and what people order.
package orders

import (
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"
)

// Article is something the shop sells.
type Article struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	About string `json:"about"`
	// Price in cents.
	Price int `json:"price"`
}

// Catalogue is everything the shop sells.
var Catalogue = []Article{
	{ID: "fern", Name: "Sword fern", About: "Unrolls after rain, forgives the shade.", Price: 1490},
	{ID: "moss", Name: "Cushion moss", About: "A hand's breadth of forest floor.", Price: 690},
	{ID: "ivy", Name: "Evergreen ivy", About: "Finds its own way up any wall.", Price: 890},
	{ID: "can", Name: "Watering can", About: "Four litres, for days without clouds.", Price: 2450},
}

// Order is what somebody ordered, and how far it has come.
type Order struct {
	// ID is made by whoever orders: the same order sent twice is one order.
	ID       string    `json:"id"`
	Article  string    `json:"article"`
	Quantity int       `json:"quantity"`
	Customer string    `json:"customer"`
	Placed   time.Time `json:"placed"`
	// Packed is when a worker had it ready; zero until then.
	Packed time.Time `json:"packed,omitzero"`
}

const (
	mostAtOnce  = 99
	longestName = 60
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

// Find returns an article of the catalogue.
func Find(id string) (Article, bool) {
	for _, article := range Catalogue {
		if article.ID == id {
			return article, true
		}
	}
	return Article{}, false
}

// Check says what is wrong with an order, in words for the person who placed it.
func (o Order) Check() error {
	if !idForm.MatchString(o.ID) {
		return fmt.Errorf("the number of the order must be 8 to 64 letters, digits and dashes")
	}
	if _, known := Find(o.Article); !known {
		return fmt.Errorf("the shop has no article %q", o.Article)
	}
	if o.Quantity < 1 || o.Quantity > mostAtOnce {
		return fmt.Errorf("the shop sells 1 to %d pieces at once, not %d", mostAtOnce, o.Quantity)
	}
	if length := utf8.RuneCountInString(o.Customer); length < 1 || length > longestName {
		return fmt.Errorf("a name of 1 to %d characters is needed", longestName)
	}
	return nil
}

// Total is what the order costs, in cents.
func (o Order) Total() int {
	article, _ := Find(o.Article)
	return article.Price * o.Quantity
}

// Report sums up what was ordered until a time.
type Report struct {
	Made   time.Time `json:"made"`
	Orders int       `json:"orders"`
	Packed int       `json:"packed"`
	Pieces int       `json:"pieces"`
	// Revenue in cents.
	Revenue int `json:"revenue"`
}

// Summarise makes the report of these orders.
func Summarise(all []Order, now time.Time) Report {
	report := Report{Made: now, Orders: len(all)}
	for _, order := range all {
		if !order.Packed.IsZero() {
			report.Packed++
		}
		report.Pieces += order.Quantity
		report.Revenue += order.Total()
	}
	return report
}
