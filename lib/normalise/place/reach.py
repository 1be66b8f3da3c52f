"""How far cities reach: districts that are one city's own, and districts into which a city has grown."""

from __future__ import annotations

# Districts into which a city has grown, so that both are right on one address: state, city -> districts' names.
REACH = {
    ("TS", "Hyderabad"): ("Ranga Reddy", "Medchal Malkajgiri", "Sangareddy"),
    ("TS", "Secunderabad"): ("Hyderabad", "Medchal Malkajgiri", "Ranga Reddy"),
    ("KA", "Bengaluru"): ("Bengaluru Rural",),
    ("TN", "Chennai"): ("Thiruvallur", "Kanchipuram", "Chengalpattu"),
    ("WB", "Kolkata"): ("24 Paraganas North", "24 Paraganas South", "Howrah", "Hooghly"),
    ("MH", "Mumbai"): ("Thane", "Palghar", "Raigad"),
    ("MH", "Thane"): ("Palghar",),  # split off in 2014, and still written
    ("JK", "Jammu"): ("Samba",),
    ("MH", "Navi Mumbai"): ("Thane", "Raigad"),
    ("UP", "Noida"): ("Ghaziabad",),
    ("UP", "Ghaziabad"): ("Gautam Buddha Nagar",),
    ("AP", "Vijayawada"): ("Krishna", "Guntur", "Ntr"),
    ("AP", "Visakhapatnam"): ("Anakapalli",),
    ("OD", "Bhubaneswar"): ("Cuttack",),
    ("GJ", "Ahmedabad"): ("Gandhinagar",),
    ("GJ", "Gandhinagar"): ("Ahmedabad",),
}
# Districts that are one city's own: every locality in them is of that city.
OWN_DISTRICTS = {
    ("MH", "Mumbai"): "Mumbai",
    ("MH", "Mumbai Suburban"): "Mumbai",
    ("TN", "Chennai"): "Chennai",
    ("WB", "Kolkata"): "Kolkata",
    ("TS", "Hyderabad"): "Hyderabad",
    ("KA", "Bengaluru Urban"): "Bengaluru",
    ("CH", "Chandigarh"): "Chandigarh",
}
ALL_OF_STATE = {"DL": "Delhi"}
# Districts around a city whose names are written for its suburbs: with a PIN of the city's own, the city is meant.
SUBURBAN = {("TN", "Kanchipuram"): "Chennai", ("TN", "Thiruvallur"): "Chennai", ("TN", "Chengalpattu"): "Chennai"}
